"""What the tickets area shows."""
