"""YAML read strictly into typed values."""
