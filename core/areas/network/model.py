"""What the network area knows, as values: customers, locations, pods, Wi-Fi networks, devices, speed tests.

Every field that the cloud may leave out is optional, and `None` means "not reported", never zero
(plume.md 4). All text here has passed `core.text`; all moments are aware and in UTC.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.moment import Window
from core.secret import Secret

__all__ = [
    "SLOT",
    "Alert",
    "Connection",
    "Customer",
    "Device",
    "Health",
    "Location",
    "Node",
    "OnlineHistory",
    "OnlineRow",
    "OnlineWord",
    "PlumeAccess",
    "QoeScore",
    "Saturation",
    "ServiceLevel",
    "SpeedTest",
    "WanSlot",
    "WifiNetwork",
]

SLOT = timedelta(minutes=15)
"""The length of a WAN slot (plume.md 4.7)."""


@dataclass(frozen=True, slots=True)
class PlumeAccess:
    """What it takes to watch a network: the credential, and whose locations to watch.

    `customers` empty means every customer the credential may see. `token_url` was given with the
    credential; empty means the setting's.
    """

    authorization: Secret = field(repr=False)
    partner: str
    customers: tuple[str, ...] = ()
    token_url: str = ""


class Connection(enum.Enum):
    """Whether a pod or a device is connected, as far as its state word says (plume.md 7.2)."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    UNKNOWN = "unknown"


class Health(enum.Enum):
    """The four published words for health; any other word is unknown (plume.md 4.4)."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNKNOWN = "unknown"


class ServiceLevel(enum.Enum):
    """The commercial state of a location; unknown does not lower a verdict (plume.md 4.3, 7.2)."""

    FULL = "fullService"
    BASIC = "basicService"
    NONE = "noService"
    UNKNOWN = "unknown"


class OnlineWord(enum.Enum):
    """A row of the connection history: any word but online and offline counts as intermittent."""

    ONLINE = "online"
    OFFLINE = "offline"
    INTERMITTENT = "intermittent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of the partner."""

    id: str
    name: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class SpeedTest:
    """A test of the line: rates in Mbit/s, round trip in milliseconds."""

    succeeded: bool
    status: str = ""
    download: float | None = None
    upload: float | None = None
    latency: float | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A site. `zone` is its IANA time zone; `connected_devices` the cloud's own total."""

    id: str
    customer: str
    name: str = ""
    service_level: ServiceLevel = ServiceLevel.UNKNOWN
    profile: str = ""
    zone: str = ""
    provider: str = ""
    network_status: str = ""
    network_status_since: datetime | None = None
    connected_devices: int | None = None
    speed_test: SpeedTest | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert on a pod. `muted` when a person snoozed, ignored or accepted it (plume.md 4.4)."""

    type: str
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A pod. `word` is its connection state as the cloud said it."""

    id: str
    name: str
    connection: Connection
    word: str = ""
    changed_at: datetime | None = None
    gateway: bool = False
    backhaul: str = ""
    health: Health | None = None
    health_word: str = ""
    alerts: tuple[Alert, ...] = ()
    connected_devices: int | None = None
    model: str = ""
    firmware: str = ""
    mac: str = ""
    ip: str = ""
    channel: str = ""
    parent: str = ""
    speed_test: SpeedTest | None = None


@dataclass(frozen=True, slots=True)
class WifiNetwork:
    """A Wi-Fi network; `enabled` is `None` when nobody said (plume.md 4.5). Never its passphrase."""

    id: str
    ssid: str
    enabled: bool | None = None
    security: str = ""
    broadcast: bool | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A client device; `node` is the id of the pod it hangs on."""

    mac: str
    name: str = ""
    ip: str = ""
    medium: str = ""
    band: str = ""
    channel: str = ""
    connection: Connection = Connection.UNKNOWN
    changed_at: datetime | None = None
    health: Health | None = None
    node: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class WanSlot:
    """One 15-minute slot of WAN statistics, `start` on the quarter hour in seconds since 1970.

    Volumes in decimal megabytes; the two rates are the highest seen inside the slot, in Mbit/s, not
    averages (plume.md 4.7).
    """

    start: int
    rx_mbytes: float | None
    tx_mbytes: float | None
    rx_max_mbps: float | None
    tx_max_mbps: float | None


@dataclass(frozen=True, slots=True)
class Saturation:
    """How full the line is right now, in percent of its capacity, where the cloud offers it."""

    rx_percent: float | None
    tx_percent: float | None


@dataclass(frozen=True, slots=True)
class OnlineRow:
    """A row of the connection history: the word that held from `start` (seconds since 1970)."""

    start: int
    word: OnlineWord


@dataclass(frozen=True, slots=True)
class OnlineHistory:
    """The connection history the cloud answered, and the window it says it covers."""

    rows: tuple[OnlineRow, ...]
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class QoeScore:
    """The quality of experience of a pod or device: score 0 to 5, radio figures where given."""

    subject: str
    score: float | None = None
    rssi_dbm: float | None = None
    snr_db: float | None = None
    interference_percent: float | None = None
