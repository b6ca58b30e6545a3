"""Photos and documents that people send: fetched from their platform, kept, and given to what they show."""
