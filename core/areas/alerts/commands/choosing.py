"""What would do for an alert, a silence or a person, as something to choose."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.command import Choice

__all__ = ["alert_choices", "person_choices", "silence_choices"]


async def alert_choices(request: Request) -> Sequence[Choice]:
    """Every open alert."""
    from core.notify.alerting.alert_rows import open_alerts_at

    async with request.services.store.reading() as connection:
        found = await open_alerts_at(connection, request.moment)
    return [Choice(str(alert.id), alert.title) for alert in found]


async def silence_choices(request: Request) -> Sequence[Choice]:
    """Every silence in force, or to come."""
    from core.notify.alerting.silence import written_matchers
    from core.notify.alerting.silence_rows import read_silences

    async with request.services.store.reading() as connection:
        found = await read_silences(connection, request.moment)
    return [
        Choice(each.id, f"{written_matchers(each.matchers)} · {each.reason}")
        for each in found
        if request.moment < each.ends_at
    ]


async def person_choices(request: Request) -> Sequence[Choice]:
    """Everybody who was set up."""
    from core.notify.people.rows import read_people

    async with request.services.store.reading() as connection:
        found = await read_people(connection, request.moment)
    return [Choice(each.name, each.name) for each in found]
