"""A regulation's examples as files, played on the real engine, and what of a definition they exercise."""
