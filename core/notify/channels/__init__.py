"""The ways by which notices go out, one module each, all behind the one protocol of `channel`."""
