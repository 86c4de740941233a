"""A workflow engine for the statutory handling of objections to public credit information."""

__version__ = "0.1.0"
