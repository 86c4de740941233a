"""What auditors read: the entries of all logs, and how the software itself ran."""
