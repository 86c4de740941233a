"""What people and the nightly sweep do, by subject, each in one transaction; storage by its port only."""
