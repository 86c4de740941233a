"""What an action does besides moving its case."""
