"""What the store knows of chats, as pages."""
