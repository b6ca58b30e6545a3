"""The console's screens: the deck, and the dialogs that open over it."""
