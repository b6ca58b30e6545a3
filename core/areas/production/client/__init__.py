"""The production system and A2E over HTTP, and how their answers are read."""
