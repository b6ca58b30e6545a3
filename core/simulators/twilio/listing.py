"""Lists: what is filtered out, and the page that is shown (whatsapp.md B3, B4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from core.simulators.twilio.errors import refused
from core.simulators.twilio.form import Form
from core.simulators.twilio.records import API_VERSION, Record, address
from core.simulators.whatsapp.model import Json

__all__ = ["list_records", "listed_contents"]

_PAGE, _LARGEST_PAGE = 50, 1000
_FILTERS = ("To", "From", "DateSent", "DateSent<", "DateSent>")


def list_records(records: Sequence[Record], form: Form, account: str) -> Json:
    """A page of the messages, the newest first.

    Raises:
        TwilioError: 400, code 20001: a date or a number can't be read.
    """
    found = [record for record in records if _wanted(record, form)]
    page, size = _number(form, "Page", 0), min(max(_number(form, "PageSize", _PAGE), 1), _LARGEST_PAGE)
    token = form.text("PageToken").removeprefix("PA")
    begin = next((index + 1 for index, each in enumerate(found) if token and each.sid == token), page * size)
    shown = found[begin : begin + size]
    uri = f"/{API_VERSION}/Accounts/{account}/Messages.json"
    kept = {name: form.text(name) for name in _FILTERS if form.text(name)} | {"PageSize": str(size)}

    def address_of(number: int, after: str = "") -> str:
        return f"{uri}?{urlencode(kept | {'Page': str(number)} | ({'PageToken': after} if after else {}))}"

    more = begin + size < len(found)
    return {
        "messages": [record.shown(account) for record in shown],
        "first_page_uri": address_of(0),
        "next_page_uri": address_of(page + 1, f"PA{shown[-1].sid}") if more else None,
        "previous_page_uri": address_of(page - 1) if page > 0 else None,
        "page": page,
        "page_size": size,
        "start": begin,
        "end": max(begin + len(shown) - 1, begin),
        "uri": address_of(page),
    }


def listed_contents(shown: Sequence[Json], form: Form, url: str) -> Json:
    """A page of the templates."""
    page, size = _number(form, "Page", 0), min(max(_number(form, "PageSize", _PAGE), 1), _LARGEST_PAGE)
    begin = page * size

    def address_of(number: int) -> str:
        return f"{url}?PageSize={size}&Page={number}"

    return {
        "contents": list(shown[begin : begin + size]),
        "meta": {
            "page": page,
            "page_size": size,
            "first_page_url": address_of(0),
            "previous_page_url": address_of(page - 1) if page > 0 else None,
            "next_page_url": address_of(page + 1) if begin + size < len(shown) else None,
            "url": address_of(page),
            "key": "contents",
        },
    }


def _wanted(record: Record, form: Form) -> bool:
    inbound = record.direction == "inbound"
    to, sender = (record.sender, record.user) if inbound else (record.user, record.sender)
    if form.text("To") not in ("", address(to)) or form.text("From") not in ("", address(sender)):
        return False
    sent = record.sent.date() if record.sent else None
    on, until, since = (_day(form, name) for name in ("DateSent", "DateSent<", "DateSent>"))
    if sent is None:
        return on is until is since is None
    return (on or sent) == sent and sent <= (until or sent) and sent >= (since or sent)


def _day(form: Form, name: str) -> date | None:
    """The day that a filter names, None without one."""
    try:
        return date.fromisoformat(form.text(name)[:10]) if form.text(name) else None
    except ValueError as error:
        raise refused(20001, detail=f"{name} is no date") from error


def _number(form: Form, name: str, otherwise: int) -> int:
    text = form.text(name)
    if not text:
        return otherwise
    if not text.isdecimal():
        raise refused(20001, detail=f"{name} is no number")
    return int(text)
