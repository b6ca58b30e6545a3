"""The Content API: templates, their approval, and what they say once filled in (whatsapp.md B4)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast

from core.simulators.noise import hexadecimal
from core.simulators.simulated_time import SimulatedTime
from core.simulators.twilio.content_rules import APPROVABLE, CATEGORIES, KINDS, check_types, rejection
from core.simulators.twilio.errors import refused
from core.simulators.whatsapp.model import Choice, Content, Json

__all__ = ["Approval", "ApprovalStatus", "ContentTemplate", "Contents", "Filled"]

ApprovalStatus: TypeAlias = Literal["pending", "approved", "rejected", "paused"]

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_NAME = re.compile(r"[a-z0-9_]{1,512}")


@dataclass(slots=True)
class Approval:
    """A request to WhatsApp to approve a template, and what came of it at `decided` by the clock."""

    name: str
    category: str
    kind: str
    status: ApprovalStatus
    verdict: ApprovalStatus
    decided: float
    reason: str = ""

    @property
    def shown(self) -> Json:
        """It in JSON."""
        return {
            "type": "whatsapp",
            "name": self.name,
            "category": self.category,
            "content_type": self.kind,
            "status": self.status,
            "rejection_reason": self.reason if self.status == "rejected" else "",
            "allow_category_change": True,
        }


@dataclass(slots=True)
class ContentTemplate:
    """A content template. `variables` are samples by name, which stand where a message gives none."""

    sid: str
    name: str
    language: str
    variables: dict[str, str]
    types: dict[str, dict[str, Any]]
    created: datetime
    approval: Approval | None = None

    @property
    def kind(self) -> str:
        """The type that is sent on WhatsApp: the richest."""
        return next(kind for kind in KINDS if kind in self.types)

    def shown(self, account: str, base: str) -> Json:
        """It in JSON."""
        url = f"{base}/v1/Content/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": account,
            "friendly_name": self.name,
            "language": self.language,
            "variables": self.variables,
            "types": self.types,
            "date_created": f"{self.created:%Y-%m-%dT%H:%M:%SZ}",
            "date_updated": f"{self.created:%Y-%m-%dT%H:%M:%SZ}",
            "url": url,
            "links": {
                "approval_create": f"{url}/ApprovalRequests/whatsapp",
                "approval_fetch": f"{url}/ApprovalRequests",
            },
        }


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with its variables filled in: what the phone shows, the address of its file, its type, and
    whether WhatsApp approved it, so that it may open a conversation."""

    content: Content
    media_url: str
    kind: str
    approved: bool
    values: tuple[str, ...] = field(default=())


class Contents:
    """The templates of the account. A request for approval is decided after `decide_after` seconds."""

    def __init__(self, time: SimulatedTime, seed: int, decide_after: float) -> None:
        self.decide_after = decide_after
        self._time = time
        self._seed = seed
        self._made = 0
        self._templates: dict[str, ContentTemplate] = {}

    def create(self, body: Mapping[str, Any]) -> ContentTemplate:
        """A new template out of `friendly_name`, `language`, `variables` and `types`.

        Raises:
            TwilioError: 400, code 20001: something is missing or not allowed.
        """
        language = body.get("language")
        if not isinstance(language, str) or not language:
            raise refused(20001, detail="language is required")
        types = check_types(body.get("types"))
        variables: object = body.get("variables") or {}
        if not isinstance(variables, dict):
            raise refused(20001, detail="variables must be a map")
        samples = {str(name): str(value) for name, value in cast("dict[object, object]", variables).items()}
        self._made += 1
        sid = "HX" + hexadecimal(32, self._seed, "content", self._made)
        name = str(body.get("friendly_name") or "")
        template = ContentTemplate(sid, name, language, samples, types, self._time.now())
        self._templates[sid] = template
        return template

    def find(self, sid: str, path: str = "") -> ContentTemplate:
        """The template with this id.

        Raises:
            TwilioError: 404, code 20404.
        """
        template = self.known(sid)
        if template is None:
            raise refused(20404, path=path)
        return template

    def known(self, sid: str) -> ContentTemplate | None:
        """The template with this id, if there is one."""
        template = self._templates.get(sid)
        approval = template.approval if template is not None else None
        if approval is not None and approval.status == "pending" and self._is_decided(approval):
            approval.status = approval.verdict
        return template

    def _is_decided(self, approval: Approval) -> bool:
        return approval.decided <= self._time.monotonic()

    def all(self) -> Sequence[ContentTemplate]:
        return [self.find(sid) for sid in self._templates]

    def remove(self, template: ContentTemplate) -> None:
        del self._templates[template.sid]

    def submit(self, template: ContentTemplate, name: str, category: str) -> Approval:
        """Ask WhatsApp to approve a template.

        Raises:
            TwilioError: 400, code 20001: it can't be approved at all, the name or the category is wrong.
        """
        if template.kind not in APPROVABLE:
            raise refused(20001, detail=f"{template.kind} can’t be approved for WhatsApp")
        if not _NAME.fullmatch(name):
            raise refused(20001, detail="name must be lower-case letters, digits and underscores")
        if category not in CATEGORIES:
            raise refused(20001, detail=f"category must be one of {', '.join(CATEGORIES)}")
        reason = rejection(template.types, template.variables)
        template.approval = Approval(
            name,
            category,
            template.kind,
            "pending",
            "rejected" if reason else "approved",
            self._time.monotonic() + self.decide_after,
            reason,
        )
        return template.approval

    def decide(self, sid: str, status: ApprovalStatus, reason: str = "") -> None:
        """WhatsApp decides about a template, also again.

        Raises:
            ValueError: there is no such template, or nobody asked.
        """
        template = self._templates.get(sid)
        if template is None or template.approval is None:
            raise ValueError(f"Nobody asked WhatsApp to approve {sid}.")
        template.approval.status = template.approval.verdict = status
        template.approval.reason = reason

    def fill(self, template: ContentTemplate, values: Mapping[str, str]) -> Filled:
        """What a message made of a template says."""
        kind = template.kind
        fields = template.types[kind]
        used = {**template.variables, **values}

        def filled(text: object) -> str:
            return _VARIABLE.sub(lambda found: used.get(found[1], ""), str(text or ""))

        choices: tuple[Choice, ...] = ()
        if kind == "twilio/quick-reply":
            choices = tuple(
                Choice(filled(action.get("id")) or filled(action["title"]), filled(action["title"]))
                for action in fields["actions"]
            )
        elif kind == "twilio/list-picker":
            choices = tuple(
                Choice(filled(row["id"]), filled(row["item"]), filled(row.get("description")))
                for row in fields["items"]
            )
        approval = template.approval
        approved = approval is not None and approval.status == "approved"
        urls: list[object] = fields.get("media") or [""]
        return Filled(
            Content(
                filled(fields.get("body") or fields.get("title")),
                choices=choices,
                menu=filled(fields.get("button")) if kind == "twilio/list-picker" else "",
                template=approval.name if approval is not None and approved else "",
            ),
            filled(urls[0]),
            kind,
            approved,
            tuple(values.values()),
        )
