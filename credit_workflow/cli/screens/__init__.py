"""What commands draw in a terminal or into a file."""
