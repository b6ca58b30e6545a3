"""What the relay's area does by itself."""
