"""Commands for those who keep the rules: definitions, versions, scenarios, simulation."""
