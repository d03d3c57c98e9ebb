"""Files beside messages: what each is, who shares it, and which lie sealed in the hub's file room."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision: str | None = "0024"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDE: dict[str, Any] = {"sqlite_strict": True}
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", WORD, nullable=False),
        sa.Column("mail", WORD, nullable=False),
        sa.Column("sender", WORD, nullable=False),
        sa.Column("errand", sa.Integer(), nullable=False),
        sa.Column("ask_at", WHOLE, nullable=False),
        sa.Column("noted_at", WHOLE, nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
        **WIDE,
    )
    op.create_index("ix_files_mail", "files", ["mail"])
    op.create_table(
        "file_shares",
        sa.Column("file", WORD, nullable=False),
        sa.Column("recipient", WORD, nullable=False),
        sa.Column("letter", WORD, nullable=False),
        sa.Column("taken_back", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("file", "recipient", name="pk_file_shares"),
        **BY_KEY,
    )
    op.create_index("ix_file_shares_letter", "file_shares", ["letter"])
    op.create_table(
        "room_files",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("whole", sa.Integer(), nullable=False),
        sa.Column("announced_at", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("sender", "digest", name="pk_room_files"),
        **BY_KEY,
    )
    op.create_index("ix_room_files_expires_at", "room_files", ["expires_at"])
    op.create_table(
        "room_recipients",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("recipient", WORD, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sender", "digest", "recipient", name="pk_room_recipients"),
        **BY_KEY,
    )
