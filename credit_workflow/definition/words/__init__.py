"""What parts of a definition are called, and how lengths of time are put."""
