"""opsdeck's core: everything the operations console knows, with no user interface in it."""

__version__ = "0.1.0"
