"""The production area's pages: what is known in, `Page` out."""
