"""How a database came to its present form, step by step (see `core.store.metadata` on adding one)."""
