"""Storage: the only part of the server that touches SQLAlchemy."""
