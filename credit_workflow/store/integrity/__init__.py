"""The proof that the log is whole and everything else is what it says."""
