"""Notifications to people: what they say, and how they go out."""
