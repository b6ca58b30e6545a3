"""What the engine does for incidents by itself."""
