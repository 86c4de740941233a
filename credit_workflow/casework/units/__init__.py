"""The register of units: their names, former ones included, and how to reach them."""
