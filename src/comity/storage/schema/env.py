"""Where Alembic begins: on the connection, and in the transaction, that `storage.migrations` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
