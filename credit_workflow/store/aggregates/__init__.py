"""What is kept, by aggregate: accounts, cases, records, deadlines due, the journal."""
