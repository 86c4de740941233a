"""The use cases by subject: what each is called, who may ask, what it leaves in the log."""
