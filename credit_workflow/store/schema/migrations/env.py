"""Alembic's environment: migrations run on the connection that the caller hands over."""

from alembic import context
from sqlmodel import SQLModel

from credit_workflow.store.schema import tables

assert tables.__doc__  # noqa: S101 - importing the tables fills SQLModel's metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
