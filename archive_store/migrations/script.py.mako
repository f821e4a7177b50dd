"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError
