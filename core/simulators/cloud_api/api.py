"""The Graph API over HTTP: who asks, the faults ordered, and the answers (whatsapp.md C2, C3)."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.simulators.cloud_api.delivering import Delivery
from core.simulators.cloud_api.errors import CloudError, refused, unknown_object
from core.simulators.cloud_api.media import MediaStore, kind_of
from core.simulators.cloud_api.rates import Rates
from core.simulators.cloud_api.reading import text
from core.simulators.cloud_api.sending import read_draft
from core.simulators.cloud_api.templates import Templates, read_template
from core.simulators.whatsapp.faults import Fault
from core.simulators.whatsapp.model import Json, Media
from core.simulators.whatsapp.simulator import Call, WhatsAppSimulator
from core.simulators.whatsapp.spoiling import spoiled

__all__ = ["Business", "GraphApi"]

_VERSION = re.compile(r"v\d+\.\d+")

_Answer = Callable[[Request, Json, Fault | None], Response | Awaitable[Response]]


@dataclass(slots=True)
class Business:
    """Whose account it is: its ids, its number in digits, the token of its client, and what signs webhooks.

    `allowed` are the only numbers that a test number may write to; None for any. `base` is the address that
    clients reach the API at.
    """

    phone_number_id: str
    waba_id: str
    number: str
    name: str
    token: str
    app_secret: str
    verify_token: str
    allowed: frozenset[str] | None = None
    base: str = "https://graph.facebook.com"


class GraphApi:
    """Answers what a client asks for: with `expired` that its token is over, with `files_away` no files."""

    def __init__(
        self,
        simulator: WhatsAppSimulator,
        business: Business,
        templates: Templates,
        media: MediaStore,
        rates: Rates,
        delivery: Delivery,
    ) -> None:
        self.expired = False
        self.files_away = False
        self._simulator = simulator
        self._business = business
        self._templates = templates
        self._media = media
        self._rates = rates
        self._delivery = delivery

    @property
    def routes(self) -> list[Route]:
        """All that is served besides the control side."""
        node = "/{version}/{node}"
        return [
            Route("/_media/{key}", self._download, methods=["GET"]),
            self._route(f"{node}/messages", "send", self._post_message, "POST"),
            self._route(f"{node}/media", "upload", self._upload, "POST"),
            self._route(f"{node}/message_templates", "template-create", self._create_template, "POST"),
            self._route(f"{node}/message_templates", "template-list", self._list_templates, "GET"),
            self._route(node, "fetch", self._fetch, "GET"),
            self._route(node, "delete", self._delete, "DELETE"),
            Route("/{path:path}", self._nothing, methods=["GET", "POST", "DELETE"]),
        ]

    def _route(self, path: str, operation: str, answer: _Answer, method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            body: Json = {}
            begun, status = self._simulator.time.monotonic(), 0
            try:
                self._check(request)
                body = await _json_object(request)
                user = str(body.get("to", "")).removeprefix("+")
                fault = self._simulator.faults.take(operation, user)
                response = await spoiled(request, fault, _refusal_of, lambda: answer(request, body, fault))
                status = response.status_code
            except CloudError as error:
                status = error.status
                return self._refusal(error)
            finally:
                self._simulator.calls.append(Call(operation, {**request.path_params, **body}, begun, status))
            return response

        return Route(path, endpoint, methods=[method], name=f"{method} {path}")

    def _check(self, request: Request) -> None:
        """Whether the token is the client's, and the version one.

        Raises:
            CloudError: 190, or 100.
        """
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        known = hmac.compare_digest(token.strip().encode(), self._business.token.encode())
        if scheme.lower() != "bearer" or not known:
            raise CloudError(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        if self.expired:
            raise CloudError(
                190, "Error validating access token: Session has expired", status=401, subcode=463
            )
        version = request.path_params.get("version")
        if version is not None and not _VERSION.fullmatch(version):
            raise unknown_object(version)

    def _post_message(self, request: Request, body: Json, fault: Fault | None) -> Response:
        """Send a message, or say that one was read."""
        self._check_node(request, self._business.phone_number_id)
        if text(body, "messaging_product", "messaging_product") != "whatsapp":
            raise refused(131009, "messaging_product must be whatsapp.")
        with self._simulator.world.lock:
            if body.get("status") is not None:
                return self._mark_read(body)
            draft = read_draft(body, self._templates, self._media)
            if draft.user == self._business.number:
                raise refused(131021, "Recipient cannot be sender")
            if self._business.allowed is not None and draft.user not in self._business.allowed:
                raise refused(131030, "Recipient phone number not in allowed list")
            self._rates.admit(draft.user)
            self._delivery.check(draft)
            message_id = self._simulator.next_id(media=bool(draft.link or draft.content.media))
            failing = fault.code if fault is not None and fault.kind == "fail" else 0
            self._delivery.start(message_id, draft, failing)
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": draft.given, "wa_id": draft.user}],
                "messages": [{"id": message_id}],
            }
        )

    def _mark_read(self, body: Json) -> Response:
        if body["status"] != "read":
            raise refused(131009, "status must be read.")
        named = text(body, "message_id", "message_id")
        for phone in self._simulator.world.phones:
            for message in self._simulator.world.messages(phone):
                if message.id == named and not message.own:
                    message.read = True
                    return JSONResponse({"success": True})
        raise refused(131009, f"There is no message {named} that came in.")

    async def _upload(self, request: Request, _body: Json, _fault: Fault | None) -> Response:
        self._check_node(request, self._business.phone_number_id)
        async with request.form() as form:
            file, mime = form.get("file"), form.get("type")
            if form.get("messaging_product") != "whatsapp":
                raise refused(131008, "The parameter messaging_product is required.")
            if not isinstance(file, UploadFile):
                raise refused(131008, "The parameter file is required.")
            mime = mime if isinstance(mime, str) else file.content_type or ""
            content = await file.read()
            name = file.filename or "file"
        with self._simulator.world.lock:
            media = Media(kind_of(mime, len(content)), name, mime, content)
            return JSONResponse({"id": self._media.keep(media, uploaded=True)})

    def _fetch(self, request: Request, _body: Json, _fault: Fault | None) -> Response:
        """A file's link, or the number itself."""
        node, business = request.path_params["node"], self._business
        if node == business.phone_number_id:
            number = {"verified_name": business.name, "display_phone_number": business.number, "id": node}
            return JSONResponse(number | {"quality_rating": "GREEN"})
        with self._simulator.world.lock:
            return JSONResponse(self._media.shown(node, business.base))

    def _delete(self, request: Request, _body: Json, _fault: Fault | None) -> Response:
        with self._simulator.world.lock:
            self._media.remove(request.path_params["node"])
        return JSONResponse({"success": True})

    async def _download(self, request: Request) -> Response:
        """A file, for the one who has the token, while the link is good."""
        try:
            self._check(request)
        except CloudError as error:
            return self._refusal(error)
        with self._simulator.world.lock:
            media = self._media.linked(request.path_params["key"])
        if self.files_away:
            return Response(status_code=503)
        if media is None:
            return Response(status_code=404)
        return Response(media.content, media_type=media.mime)

    def _create_template(self, request: Request, body: Json, _fault: Fault | None) -> Response:
        self._check_node(request, self._business.waba_id)
        template = read_template(body)
        with self._simulator.world.lock:
            template.status = "APPROVED"
            self._templates.add(template)
        return JSONResponse({"id": template.id, "status": template.status, "category": template.category})

    def _list_templates(self, request: Request, _body: Json, _fault: Fault | None) -> Response:
        self._check_node(request, self._business.waba_id)
        name = request.query_params.get("name")
        with self._simulator.world.lock:
            shown = [each.shown for each in self._templates.all() if name in (None, each.name)]
        return JSONResponse({"data": shown, "paging": {}})

    def _check_node(self, request: Request, expected: str) -> None:
        if request.path_params["node"] != expected:
            raise unknown_object(request.path_params["node"])

    async def _nothing(self, request: Request) -> Response:
        return self._refusal(unknown_object(request.url.path))

    def _refusal(self, error: CloudError) -> Response:
        return JSONResponse(error.body(len(self._simulator.calls)), error.status)


def _refusal_of(fault: Fault) -> CloudError:
    match fault.kind:
        case "429":
            return refused(130429, "Cloud API message throughput has been reached.")
        case "500":
            return refused(131000)
        case _:
            return refused(fault.code)


async def _json_object(request: Request) -> dict[str, Any]:
    """The body of a call in JSON; empty for one that brings none, as an upload."""
    mime = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if mime != "application/json":
        return {}
    try:
        value: object = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise refused(100, "The body is no JSON.") from error
    if not isinstance(value, dict):
        raise refused(100, "The body is no JSON object.")
    return cast("dict[str, Any]", value)
