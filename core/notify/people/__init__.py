"""The people who are told things: where they are reached, what they want to hear of, when they sleep."""
