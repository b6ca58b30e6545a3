"""What the plant does by itself."""
