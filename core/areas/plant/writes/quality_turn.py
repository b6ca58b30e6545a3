"""Who writes, and how a thing that isn't there is complained of by the parameter that named it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from core.area import Request
from core.errors import InputError, NotFoundError
from core.message import _
from core.text import clean

__all__ = ["author", "given"]

T = TypeVar("T")
_LONGEST_NAME = 200


def author(request: Request) -> str:
    """The name of whoever asks."""
    return clean(request.principal.name or request.principal.address, _LONGEST_NAME)


async def given(parameter: str, found: Awaitable[T]) -> T:
    """What a parameter names.

    Raises:
        NotFoundError: there is no such thing; the sentence names the parameter, which is asked for again.
        InputError: it can't be told which is meant.
    """
    try:
        return await found
    except NotFoundError as error:
        raise NotFoundError(_("{parameter}: {reason}", parameter=parameter, reason=error.message)) from error
    except InputError as error:
        raise InputError(_("{parameter}: {reason}", parameter=parameter, reason=error.message)) from error
