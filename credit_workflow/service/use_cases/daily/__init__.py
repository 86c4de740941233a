"""What people ask for every day: cases, records, papers, lists, signing in."""
