"""Telegram as a platform of the relay: python-telegram-bot behind our own protocols.

`line` speaks to the Bot API, `updates` reads what it hands over, `channel` brings notices and answers to
chats, `polling` and `webhook` fetch and take updates. Nothing here knows a command.
"""
