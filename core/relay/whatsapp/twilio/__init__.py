"""Twilio's WhatsApp (whatsapp.md, part B)."""
