"""Reports for the office: figures put on paper. Nothing is counted here."""
