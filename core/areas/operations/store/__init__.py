"""How the operations area lies in the database."""
