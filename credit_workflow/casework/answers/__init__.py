"""What use cases answer: frozen, typed values, whose own form is the JSON that programs read."""
