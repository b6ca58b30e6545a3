"""What usage leaves in the store: its tables, and how they are written and read (taara.md 6)."""
