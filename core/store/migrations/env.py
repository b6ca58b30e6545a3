"""What Alembic runs: the migrations, on the connection and in the transaction it was handed."""

from __future__ import annotations

from alembic import context

from core.store.upgrade import all_metadata

connection = context.config.attributes["connection"]
prefix = context.config.attributes.get("tables_of", "")


def _included(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is one that is being compared."""
    return kind != "table" or not prefix or (name or "").startswith(prefix)


context.configure(
    connection=connection,
    target_metadata=all_metadata(),
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=_included,
)
with context.begin_transaction():
    context.run_migrations()
