"""The demo's FAQ with its readers, and what its agents keep ready to send."""

from __future__ import annotations

__all__ = ["CANNED", "FAQ", "VIEWS", "VOTES"]

FAQ = (
    {
        "question": "Why are my signals not updating?",
        "answer": "Signals follow the market’s hours.\n\n"
        "If the market is open and nothing came for half an hour, "
        "stop the bot and start it again.",
        "category": "troubleshooting",
        "tags": "signals, stopped, late, bot",
    },
    {
        "question": "My payment did not go through. What now?",
        "answer": "Nothing was charged. Try the same card again after a few minutes, or take another one.",
        "category": "account",
        "tags": "payment, card, charged, invoice",
    },
    {
        "question": "Which commands are there?",
        "answer": "Write “help”: it lists the commands that you may use.",
        "category": "getting-started",
        "tags": "commands, help, menu",
    },
    {
        "question": "What does a signal’s confidence mean?",
        "answer": "The model’s own estimate that the signal is right, from 0 to 1. It is not a promise.",
        "category": "ai-features",
        "tags": "confidence, model, signals",
    },
)

CANNED = {
    "restart": "Hello {requester}, please stop the bot and start it again. Does {ticket} persist after that?",
    "clock": "Hello {requester}, please let your phone set its clock by itself and try again.",
    "refund": "Hello {requester}, the amount is on its way back; banks take up to five days. {agent}",
}

VIEWS = (
    *(("Tomas Vidal", 1, 12.5, True), ("Lucia Prates", 1, 0.2, True), ("Henrik Dahl", 2, 9, True)),
    *(("Yuki Mori", 4, 6, True), ("Otieno Were", 2, 3, True), ("Wanjiru Kamau", 3, 14, False)),
)
"""Who read which entry how many days ago, having searched for it or not."""

VOTES = (("Tomas Vidal", 1, "yes"), ("Henrik Dahl", 2, "yes"), ("Yuki Mori", 4, "no"))
