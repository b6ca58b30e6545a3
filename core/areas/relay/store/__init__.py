"""What the store keeps of the chats."""
