"""Workflows as pictures and documents, generated so that they never differ from the rules."""
