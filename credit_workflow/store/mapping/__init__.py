"""Between rows and values, in both directions."""
