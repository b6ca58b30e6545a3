"""The small HTTP server that other systems deliver to: webhooks of chat platforms, and a sign of life."""
