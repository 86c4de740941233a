"""The answers of use cases, by the names that faces know them by."""

from credit_workflow.casework.answers.base import Value

__all__ = ["Value"]
