"""The plant as CSV: written so that it can be read again, and read with a look at what would change."""
