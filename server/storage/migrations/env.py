"""Alembic's entry: runs the revisions on the connection that `migrate` opened.

The transaction is the caller's: a migration is done whole or not at all.
"""

from alembic import context

from server.storage.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
