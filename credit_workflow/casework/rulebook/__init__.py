"""Definitions proposed, approved, published, and taken over by running cases."""
