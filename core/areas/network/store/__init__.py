"""What the network area leaves in the store: its tables, and how they are written and read."""
