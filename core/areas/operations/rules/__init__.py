"""What decides, without a database, a network or a clock of its own."""
