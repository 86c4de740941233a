"""Commands of daily work: cases, records, papers, lists, signing in, the shell."""
