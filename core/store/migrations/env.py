"""What Alembic runs: the migrations, on the connection and in the transaction it was handed."""

from __future__ import annotations

from collections.abc import Callable

from alembic import context

from core.store.upgrade import all_metadata

connection = context.config.attributes["connection"]
comparing: Callable[[str], bool] | None = context.config.attributes.get("comparing")


def _included(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table there is takes part in a comparison."""
    return kind != "table" or comparing is None or comparing(name or "")


def _declared(_item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Whether a declared table does."""
    return _included(name, kind, None)


context.configure(
    connection=connection,
    target_metadata=all_metadata(),
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=_included,
    include_object=_declared,
)
with context.begin_transaction():
    context.run_migrations()
