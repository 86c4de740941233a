"""Working days, holiday notices, and periods that become due dates."""
