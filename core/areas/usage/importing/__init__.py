"""Taking over the history of an existing `taara_monitoring.db` (taara.md 6)."""
