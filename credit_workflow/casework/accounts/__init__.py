"""Accounts: signing in, passwords, the first administrator."""
