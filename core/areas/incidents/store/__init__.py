"""How incidents lie in the store."""
