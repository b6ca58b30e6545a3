"""Pages, events and their values as JSON text, and back again without loss.

Each vocabulary dataclass becomes an object with its class name under `$`; enums, moments and lengths of
time become small tagged objects. Only the classes listed here are ever made from text, so that reading
a file or a row can't make anything else.
"""

from __future__ import annotations

import dataclasses
import enum
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from core import event, message, page, query, units

__all__ = ["decode", "encode"]

_MODULES = (message, units, query, page, event)
_CLASSES: dict[str, type] = {
    name: value
    for module in _MODULES
    for name, value in vars(module).items()
    if isinstance(value, type) and (dataclasses.is_dataclass(value) or issubclass(value, enum.Enum))
}


def encode(value: object) -> str:
    """`value`, a vocabulary object or JSON scalars and containers of them, as compact JSON."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), sort_keys=False)


def decode(text: str | bytes) -> object:
    """What `encode` was given.

    Raises:
        ValueError: the text was not written by `encode`, or by a version with other classes.
    """
    try:
        return _value(json.loads(text))
    except (KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError("not an encoded vocabulary object") from error


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | float) or type(value) is int:
        return value
    if isinstance(value, enum.Enum):
        return {"$": type(value).__name__, "is": value.name}
    if isinstance(value, datetime):
        return {"$": "datetime", "is": value.astimezone(UTC).isoformat()}
    if isinstance(value, timedelta):
        return {"$": "timedelta", "is": value // timedelta(microseconds=1)}
    if isinstance(value, Decimal):
        return {"$": "Decimal", "is": str(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"$": type(value).__name__, **fields}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in cast("tuple[object, ...]", value)]
    if isinstance(value, dict):
        return {"$": "dict", "is": [[k, _plain(v)] for k, v in cast("dict[str, object]", value).items()]}
    raise TypeError(f"{type(value).__name__} is not part of the vocabulary")


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_value(each) for each in cast("list[object]", plain))
    if not isinstance(plain, dict):
        return plain
    fields = cast("dict[str, Any]", plain)
    tag = fields["$"]
    if tag == "datetime":
        return datetime.fromisoformat(fields["is"])
    if tag == "timedelta":
        return timedelta(microseconds=fields["is"])
    if tag == "Decimal":
        return Decimal(fields["is"])
    if tag == "dict":
        return {key: _value(each) for key, each in fields["is"]}
    kind = _CLASSES[tag]
    if issubclass(kind, enum.Enum):
        return kind[fields["is"]]
    return kind(**{name: _value(each) for name, each in fields.items() if name != "$"})
