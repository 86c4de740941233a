"""Credit records: importing them, looking at one, the log of look-ups."""
