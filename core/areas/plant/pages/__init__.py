"""What is shown of the plant."""
