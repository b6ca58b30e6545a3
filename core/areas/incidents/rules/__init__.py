"""The rules of incidents: pure decisions, each about one subject."""
