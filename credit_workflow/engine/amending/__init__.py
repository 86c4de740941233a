"""What changes running cases: migration to another version, rectification of slips."""
