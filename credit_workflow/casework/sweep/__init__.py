"""The nightly sweep: what time alone brings about is written down, once."""
