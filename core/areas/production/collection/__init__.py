"""The jobs that ask the production system and A2E, and evaluate what they hear."""
