"""Pages, events and their values as JSON text, and back again without loss.

Each vocabulary dataclass becomes an object with its class name under `$`, without the fields that are as the
class has them by default: such a default is part of what is stored. Enums, moments and lengths of
time become small tagged objects. Only the classes listed here are ever made from text, so that reading
a file or a row can't make anything else.
"""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, cast

from core import event, message, page, query, units

__all__ = ["decode", "encode"]

_text = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_SCALARS = frozenset({str, int, float, bool, type(None)})
_MODULES = (message, units, query, page, event)
_CLASSES: dict[str, type] = {
    name: value
    for module in _MODULES
    for name, value in vars(module).items()
    if isinstance(value, type) and (dataclasses.is_dataclass(value) or issubclass(value, enum.Enum))
}


def encode(value: object) -> str:
    """`value`, a vocabulary object or JSON scalars and containers of them, as compact JSON."""
    return _text(_plain(value))


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
    """The value in terms of JSON, in which most of what a page holds is already."""
    kind = type(value)
    return value if kind in _SCALARS else _converter(kind)(value)


@cache
def _converter(kind: type) -> Callable[[Any], object]:
    """How values of this very class are put; looked up once for each class, because pages hold many."""
    if issubclass(kind, enum.Enum) and not issubclass(kind, str):
        return lambda value: {"$": kind.__name__, "is": value.name}
    if issubclass(kind, str):
        return str.__str__
    if issubclass(kind, int | float):
        return lambda value: value
    if issubclass(kind, datetime):
        return _moment
    if issubclass(kind, timedelta):
        return lambda value: {"$": "timedelta", "is": value // timedelta(microseconds=1)}
    if issubclass(kind, Decimal):
        return lambda value: {"$": "Decimal", "is": str(value)}
    if dataclasses.is_dataclass(cast("Any", kind)):
        return _dataclass_converter(kind)
    if issubclass(kind, tuple | list):
        return lambda value: [each if type(each) in _SCALARS else _plain(each) for each in value]
    if issubclass(kind, dict):
        return lambda value: {"$": "dict", "is": _plain(tuple(value.items()))}
    raise TypeError(f"{kind.__name__} is not part of the vocabulary")


def _moment(value: datetime) -> dict[str, object]:
    in_utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return {"$": "datetime", "is": in_utc.isoformat()}


def _dataclass_converter(kind: Any) -> Callable[[Any], dict[str, object]]:
    """Puts what isn't as the class has it by default: of a page that is the smaller part."""
    fields = [(each.name, each.default) for each in dataclasses.fields(kind)]
    name_of_class = kind.__name__

    def convert(value: object) -> dict[str, object]:
        plain: dict[str, object] = {"$": name_of_class}
        for name, default in fields:
            each: object = getattr(value, name)
            if each is not default:
                plain[name] = each if type(each) in _SCALARS else _plain(each)
        return plain

    return convert


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
