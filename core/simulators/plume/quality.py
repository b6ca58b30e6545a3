"""Quality of experience (plume.md 4.10): scores from 0 to 5, which follow the health of things."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from core.simulators.noise import spread
from core.simulators.plume.access import Visit
from core.simulators.plume.world import JsonObject

__all__ = ["app_qoe_body", "qoe_body"]

_SCORES = {"excellent": 4.8, "good": 4.4, "fair": 3.3, "poor": 1.9}
_PERIODS = ("lastHour", "last24Hours", "last7Days", "last30Days")
_CLASSES = ("av_streaming", "gaming", "video_conferencing")
_APPS = {
    "av_streaming": ("Simulated Video", "Simulated Radio"),
    "gaming": ("Simulated Chess",),
    "video_conferencing": ("Simulated Meetings",),
}
_NODE_SIGNAL = {"excellent": -55, "good": -63, "fair": -77, "poor": -84}
_NOISE_FLOOR = -95


def qoe_body(visit: Visit) -> JsonObject:
    """The newest minute: every connected Wi-Fi pod and Wi-Fi device with its radio figures."""
    cloud, location = visit.cloud, visit.location
    minute = int(cloud.now // 60)
    nodes: list[JsonObject] = []
    devices: list[JsonObject] = []
    for node in cloud.nodes(location):
        if not node.connected:
            continue
        health = node.health or "good"
        if node.backhaul == "wifi":
            radio = _radio(health, "5G", _NODE_SIGNAL.get(health, -67), node.id, minute)
            nodes.append({"id": node.id} | radio)
        for device in node.devices:
            if device.medium == "wifi" and cloud.presence(location, node, device)[0]:
                radio = _radio(device.health, device.band, device.signal, device.mac, minute)
                devices.append({"mac": device.mac} | radio)
    return {"nodes": nodes, "devices": devices}


def app_qoe_body(visit: Visit) -> JsonObject:
    """Scores by class of traffic over a period."""
    period = visit.form.get("timePeriod")
    if period not in _PERIODS:
        raise HTTPException(422, "The time period is not allowed.")
    asked = visit.form.get("trafficClassNames")
    names = tuple(asked.split(",")) if asked else _CLASSES
    rows = [_traffic_class(visit, name, period) for name in names]
    return {"timePeriod": period, "trafficClasses": rows}


def _traffic_class(visit: Visit, name: str, period: str) -> JsonObject:
    hour = int(visit.cloud.now // 3_600)
    score = round(spread(4.0, 4.9, visit.location.id, name, period, hour), 2)
    row: JsonObject = {"trafficClass": name, "score": score}
    if visit.form.get("includeApps") == "true":
        row["apps"] = [{"name": app, "score": score} for app in _APPS.get(name, ())]
    return row


def _radio(health: str, band: str | None, signal: int, key: str, minute: int) -> JsonObject:
    strength = signal + round(spread(-2, 2, key, minute, "signal"))
    score = _SCORES.get(health, 4.0) + spread(-0.15, 0.15, key, minute, "score")
    return {
        "score": round(score, 2),
        "freqBand": band,
        "chWidthMhz": 20 if band == "2.4G" else 80,
        "rssiDbm": strength,
        "interferencePercent": round(spread(3, 22, key, minute, "interference"), 1),
        "snrDb": strength - _NOISE_FLOOR,
    }
