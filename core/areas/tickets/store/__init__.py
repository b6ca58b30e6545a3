"""How tickets are kept."""
