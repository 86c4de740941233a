"""Cases: opening them, acting on them, looking them up."""
