"""Holiday notices that come into a database, and what they move."""
