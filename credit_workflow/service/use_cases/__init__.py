"""What can be asked of an office, by subject: requests, and the functions that carry them out."""
