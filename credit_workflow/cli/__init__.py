"""The commands and screens: parse, call, draw; no rule lives here."""
