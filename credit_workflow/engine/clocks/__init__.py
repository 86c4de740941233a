"""Deadlines: what starts, ends, moves and stops them."""
