"""An existing plant backend over HTTP, asked for what it knows (whatsapp.md A2 and A3)."""
