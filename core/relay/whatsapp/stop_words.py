"""The words by which people say that they want to be told nothing more, and that they do again. Pure.

Each is a whole message. Some say nothing else, whatever is being asked. Others could answer a question (a
machine's trouble may be “arrêt”), and count only where none is open. None is the value of a choice (`baja` is
an urgency in Spanish), nor `cancel`, which stops only what is being asked.
"""

from __future__ import annotations

from core.relay.folding import folded, with_plain_digits

__all__ = ["could_be_answer", "is_start", "is_stop", "with_plain_digits"]

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
_STOP_UNASKED = frozenset(
    {
        "parar",
        *("arret", "arreter", "arretez"),
        *("pare", "sair"),
        *("ايقاف", "اوقف", "توقف"),
    }
)
_START_UNASKED = frozenset(
    {
        *("iniciar", "comenzar", "reanudar"),
        *("demarrer", "commencer", "reprendre"),
        *("comecar", "retomar", "voltar"),
        *("بدء", "استيناف"),
    }
)


def could_be_answer(text: str) -> bool:
    """Whether it depends on an open question what the words mean."""
    return folded(text) in _STOP_UNASKED | _START_UNASKED


def is_stop(text: str, *, asked: bool = False) -> bool:
    """Whether somebody, who is `asked` something or not, wants to be told nothing more."""
    return folded(text) in (_STOP if asked else _STOP | _STOP_UNASKED)


def is_start(text: str, *, asked: bool = False) -> bool:
    """Whether somebody, who is `asked` something or not, wants to be told things, maybe again."""
    return folded(text) in (_START if asked else _START | _START_UNASKED)
