"""What the commands of incidents change: each in one transaction with its timeline, events and audit row."""
