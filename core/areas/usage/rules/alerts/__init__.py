"""When usage is news: the alert rules of taara.md 9, each told once per edge, with its recovery."""
