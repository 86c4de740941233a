"""How a due date was counted, day by day."""
