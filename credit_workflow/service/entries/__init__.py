"""The use cases that there are, by subject: names, permissions and traces, without their types."""
