"""The network area's pages: tables in, `Page` out."""
