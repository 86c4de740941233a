"""Finding what was kept."""
