"""A database that is one file."""
