"""What differs between two versions of a definition, in sentences."""
