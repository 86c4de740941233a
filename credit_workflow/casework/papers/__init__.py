"""Papers: what they state, their printing, their verification."""
