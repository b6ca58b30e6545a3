"""The relay: opsdeck's views and commands in chats, and the background process that serves them.

One conversation engine for every chat (`conversation`), which knows no platform; one package for each
platform (`telegram`), which knows no command; and between them the values of `inbound` and `reply`.
"""
