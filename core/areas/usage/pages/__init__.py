"""The usage area's pages."""
