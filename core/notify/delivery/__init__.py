"""Delivery: how what stands in the outbox reaches people, whatever breaks on the way (reliability.md 1)."""
