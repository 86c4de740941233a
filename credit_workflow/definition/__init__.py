"""A workflow as a value: its model, the reader of YAML, what is checked, expressions, words and pictures."""
