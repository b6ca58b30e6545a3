"""What the tickets area does by itself."""
