"""What the commands of the tickets area change."""
