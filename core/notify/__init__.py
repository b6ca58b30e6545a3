"""Telling people: notices, the outbox that never loses one, and the channels they go out by."""
