"""What is decided about chats, without looking anything up."""
