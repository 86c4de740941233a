"""Papers as pages: from facts to HTML that any browser prints, to PDF, and back to the facts."""
