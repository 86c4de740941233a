"""The second log: what each of its entries says, as a struct of its own, by subject."""
