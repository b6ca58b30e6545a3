"""What nobody knows about the real service, to be set either way (taara.md 14)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Knobs"]


@dataclass(slots=True)
class Knobs:
    """How the simulated Taara behaves where taara.md is silent.

    `token_lifetime` is in seconds. `hotspot_status` 200 answers an unknown hotspot with `data` null.
    `strict_referer` refuses a call without a referer.
    """

    login_status: int = 200
    partner_status: int = 400
    hotspot_status: int = 404
    unknown_logout_status: int = 200
    token_lifetime: int = 3_600
    strict_referer: bool = False

    def set(self, name: str, value: object) -> None:
        """Set one by its name.

        Raises:
            ValueError: there is no such knob, or it takes another type of value.
        """
        if name not in self.__slots__:
            raise ValueError(f"Unknown knob {name!r}; there are {', '.join(self.__slots__)}.")
        if type(getattr(self, name)) is not type(value):
            raise ValueError(f"The knob {name} takes no {type(value).__name__}.")
        setattr(self, name, value)
