"""The words by which people say that they want to be told nothing more, and that they do again. Pure.

Each is a whole message. None is a word that could answer a question (`baja` is an urgency in Spanish), nor
`cancel`, which stops only what is being asked.
"""

from __future__ import annotations

from core.relay.folding import folded, with_plain_digits

__all__ = ["is_start", "is_stop", "with_plain_digits"]

_STOP = frozenset(
    {
        *("stop", "stopall", "stop all", "unsubscribe", "optout", "opt out"),
        *("desuscribir", "cancelar suscripcion"),
        *("desabonner", "se desabonner"),
        *("descadastrar", "cancelar inscricao"),
        "الغاء الاشتراك",
    }
)
_START = frozenset(
    {
        *("start", "unstop", "subscribe", "optin", "opt in"),
        *("suscribir", "abonner", "inscrever"),
        "اشتراك",
    }
)


def is_stop(text: str) -> bool:
    """Whether somebody wants to be told nothing more."""
    return folded(text) in _STOP


def is_start(text: str) -> bool:
    """Whether somebody wants to be told things, maybe again."""
    return folded(text) in _START
