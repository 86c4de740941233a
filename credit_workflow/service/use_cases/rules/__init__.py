"""What keepers of the rules ask for: definitions, versions, scenarios, simulation."""
