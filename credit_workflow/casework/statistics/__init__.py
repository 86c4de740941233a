"""Statistics: what is counted, over which cases, and as which tables."""
