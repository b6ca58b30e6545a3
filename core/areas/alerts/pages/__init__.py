"""The pages of alerting."""
