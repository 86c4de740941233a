"""Keeping what was decided, within one transaction."""
