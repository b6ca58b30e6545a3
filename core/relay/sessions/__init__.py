"""What is remembered of conversations while they go on: in the database, or in a Redis that relays share."""
