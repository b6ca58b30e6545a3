"""How often each part of a location is polled: pods, line, devices and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.message import Message, _

__all__ = ["PART_SCHEDULES", "PartSchedule"]


@dataclass(frozen=True, slots=True)
class PartSchedule:
    """The pace of one part. `factor` stretches the location's polling interval; `least` bounds it below.

    `name` is what the part's polls are on record as, `label` what it is called to a person.
    """

    name: str
    label: Message
    factor: int
    least: timedelta

    def interval(self, cadence: timedelta) -> timedelta:
        """How long after one poll of this part the next is due, for a location polled every `cadence`."""
        return max(cadence * self.factor, self.least)


PART_SCHEDULES = {
    part.name: part
    for part in (
        PartSchedule("status", _("status"), 1, timedelta(seconds=5)),
        PartSchedule("saturation", _("line in use"), 1, timedelta(seconds=5)),
        PartSchedule("wan", _("WAN usage"), 2, timedelta(seconds=20)),
        PartSchedule("online", _("connection history"), 5, timedelta(minutes=1)),
        PartSchedule("devices", _("devices"), 2, timedelta(seconds=20)),
        PartSchedule("qoe", _("quality of experience"), 5, timedelta(minutes=5)),
        PartSchedule("wifi", _("Wi-Fi networks"), 10, timedelta(minutes=5)),
        PartSchedule("speed_tests", _("speed tests"), 60, timedelta(hours=1)),
    )
}
"""Every part by its name, in the order in which a location is first polled."""
