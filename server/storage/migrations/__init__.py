"""Schema migrations (Alembic), run by `server.storage.migrate`."""
