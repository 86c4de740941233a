"""Encryption of personal data, its keys, and the scans kept under them."""
