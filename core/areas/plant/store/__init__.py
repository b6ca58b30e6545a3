"""How the plant lies in the store."""
