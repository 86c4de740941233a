"""What holds the house: each use case has a face, a permission and a trace; rooms, words and imports."""
