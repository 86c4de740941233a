"""The State Council's holiday notices: official text, dates, checks, files."""
