"""The terminal console: a Textual app that shows pages and runs commands, and knows no area."""
