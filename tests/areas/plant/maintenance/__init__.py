"""Machines, maintenance tickets, promises, and what is told of them."""
