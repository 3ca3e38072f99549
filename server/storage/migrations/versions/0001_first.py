"""The tables of the first release, and the triggers that keep history.

Until that release this revision is made from the models as they are; from then on it is frozen
and every change is a revision of its own.
"""

from alembic import op

from server.storage.models import Base
from server.storage.triggers import create_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    connection = op.get_bind()
    Base.metadata.create_all(connection)
    create_triggers(connection, Base.metadata)
