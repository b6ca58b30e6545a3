"""What the plant's commands change."""
