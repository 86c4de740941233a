"""Processes that help with large work."""
