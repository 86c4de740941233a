"""Tools for those who write rules: analysis, comparison, drawing, scenarios, simulation."""
