"""How A2E's answers may differ in form and still be answers (production.md 7.2, 7.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["A2EQuirks", "CoinsForm"]

CoinsForm: TypeAlias = Literal["number", "text", "bare", "bare text", "null", "absent", "words"]
"""How the balance is told: `{"coins": 5}`, `{"coins": "5"}`, `5`, `"5"`, `{"coins": null}`, `{}`, a word."""


@dataclass(slots=True)
class A2EQuirks:
    """Switches a test may turn at any time.

    `success_code` is the envelope's word for success, 0 or 200. `unknown_statuses` makes every status a word
    nobody knows. With `auth_in_body` a bad token is refused by an HTTP 200 whose envelope says no.
    `error_text` is the name under which an error's text comes.
    """

    success_code: int = 0
    coins_form: CoinsForm = "number"
    unknown_statuses: bool = False
    auth_in_body: bool = False
    error_text: Literal["msg", "message"] = "msg"

    def balance(self, coins: int) -> object:
        """The balance in the form that was chosen."""
        forms: dict[CoinsForm, object] = {
            "number": {"coins": coins, "diamonds": 0},
            "text": {"coins": str(coins), "diamonds": "0"},
            "bare": coins,
            "bare text": str(coins),
            "null": {"coins": None, "diamonds": None},
            "absent": {},
            "words": {"coins": "plenty", "diamonds": 0},
        }
        return forms[self.coins_form]
