"""The provider's tasks in the two vocabularies of production.md 2.2: avatar videos and image-to-video."""

from __future__ import annotations

from collections.abc import Sequence

from core.simulators.a2e.quirks import A2EQuirks
from core.simulators.noise import choose
from core.simulators.production.records import JsonObject, ProviderTask, as_json

__all__ = ["avatar_record", "avatar_tasks", "image_record", "image_tasks", "typical_seconds"]

_AVATAR_TYPES = frozenset({"karaoke", "short", "lore"})
"""The content of which A2E makes avatar videos; all else begins with a picture."""

_UNKNOWN_STATUS = "marinating"
_COPIED_FROM = 90
"""The percentage from which an avatar video is only copied to its place."""

_MEDIA = "https://media.example/a2e"


def avatar_tasks(tasks: Sequence[ProviderTask]) -> list[ProviderTask]:
    """The avatar videos, newest first."""
    return [task for task in tasks if task.content_type in _AVATAR_TYPES]


def image_tasks(tasks: Sequence[ProviderTask]) -> list[ProviderTask]:
    """The image-to-video tasks, newest first."""
    return [task for task in tasks if task.content_type not in _AVATAR_TYPES]


def avatar_record(task: ProviderTask, quirks: A2EQuirks) -> JsonObject:
    """A row of `video/awsList`."""
    words = {
        "waiting": choose(("init", "start", "pending"), task.id),
        "working": "copy" if task.progress >= _COPIED_FROM else "process",
        "done": "success",
        "broken": "fail",
    }
    return {
        "_id": task.id,
        "name": _name(task),
        "status": _UNKNOWN_STATUS if quirks.unknown_statuses else words[task.state],
        "process": task.progress,
        "result": _result(task),
        "msg": task.failure,
        "coins": task.coins,
        "createdAt": as_json(task.created_at),
    }


def image_record(task: ProviderTask, quirks: A2EQuirks) -> JsonObject:
    """A record of the task family, with the fields of the vendor's example (production.md 7.2)."""
    words = {
        "waiting": "initialized",
        "working": "processing",
        "done": "completed",
        "broken": choose(("failed", "error"), task.id),
    }
    return {
        "_id": task.id,
        "name": _name(task),
        "duration": task.media_seconds,
        "current_status": _UNKNOWN_STATUS if quirks.unknown_statuses else words[task.state],
        "coins": task.coins,
        "createdAt": as_json(task.created_at),
        "failed_message": task.failure,
        "failed_code": "GENERATION_FAILED" if task.failure else "",
        "result_url": _result(task),
        "video_url": "",
        "cover_url": "",
        "prompt": "",
        "negative_prompt": "",
    }


def typical_seconds(tasks: Sequence[ProviderTask]) -> int:
    """How long the newest finished tasks took in the works, on average."""
    lengths = [task.work_seconds for task in tasks if task.state == "done"][:20]
    return round(sum(lengths) / len(lengths)) if lengths else 0


def _name(task: ProviderTask) -> str:
    return f"{task.content_type} {task.character_id}"


def _result(task: ProviderTask) -> str:
    return f"{_MEDIA}/{task.id}.mp4?signature=fake" if task.state == "done" else ""
