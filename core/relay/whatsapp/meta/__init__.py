"""Meta's WhatsApp Cloud API (whatsapp.md, part C)."""
