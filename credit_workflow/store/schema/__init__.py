"""The schema of the database, and what makes it."""
