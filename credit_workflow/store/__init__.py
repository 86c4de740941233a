"""Databases: tables, reading, writing, the chained log, encryption, backups."""
