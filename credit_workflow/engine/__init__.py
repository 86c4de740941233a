"""Decide an action, a deadline or a message from values alone, and replay a log."""
