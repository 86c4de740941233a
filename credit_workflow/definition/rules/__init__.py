"""What a definition must satisfy beyond its form; checked whenever one is loaded."""
