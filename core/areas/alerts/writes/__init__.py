"""What the commands of alerting change."""
