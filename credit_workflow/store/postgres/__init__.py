"""A database on a PostgreSQL server: the extra ``postgres``."""
