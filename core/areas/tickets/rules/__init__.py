"""What is decided about tickets, without a database or a clock of its own."""
