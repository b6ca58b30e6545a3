"""WhatsApp: one channel and one way in, over two providers.

`provider` is the protocol that both keep; `twilio` and `meta` are the two. `channel` sends notices and
answers, `webhook` takes what comes in, `intake` keeps it, and `interpreting` reads digits and the words to
stop before the conversation engine hears them.
"""
