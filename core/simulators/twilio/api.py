"""The REST API over HTTP: who asks, the faults ordered, and the answers (whatsapp.md B3, B4)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core.simulators.twilio.content import Approval, ContentTemplate
from core.simulators.twilio.delivering import Delivery
from core.simulators.twilio.desk import Desk
from core.simulators.twilio.errors import TwilioError, refused
from core.simulators.twilio.form import Form, read_form
from core.simulators.twilio.listing import list_records, listed_contents
from core.simulators.twilio.records import API_VERSION, FINAL, Record
from core.simulators.twilio.sending import read_draft
from core.simulators.whatsapp.faults import Fault
from core.simulators.whatsapp.model import Json
from core.simulators.whatsapp.simulator import Call, WhatsAppSimulator
from core.simulators.whatsapp.spoiling import spoiled

__all__ = ["RestApi"]

_ACCOUNT = f"/{API_VERSION}/Accounts/{{account}}"
_STORAGE = "/_storage"

_Answer = Callable[[Request, Form, Fault | None], Response | Awaitable[Response]]


class RestApi:
    """Answers what a client asks for. With `media_open`, files of incoming messages need no credentials.

    With `files_away` their storage is out of order.
    """

    def __init__(self, simulator: WhatsAppSimulator, desk: Desk, delivery: Delivery) -> None:
        self.media_open = False
        self.files_away = False
        self._simulator = simulator
        self._desk = desk
        self._delivery = delivery

    @property
    def routes(self) -> list[Route]:
        """All that is served besides the control side."""
        messages, content = f"{_ACCOUNT}/Messages", "/v1/Content"
        return [
            self._route(f"{messages}.json", "send", self._send, "POST"),
            self._route(f"{messages}.json", "list", self._list, "GET"),
            self._route(f"{messages}/{{sid}}/Media.json", "media-list", self._media_list, "GET"),
            self._route(f"{messages}/{{sid}}/Media/{{media}}.json", "media-fetch", self._media, "GET"),
            Route(f"{messages}/{{sid}}/Media/{{media}}", self._media_file, methods=["GET"]),
            self._route(f"{messages}/{{sid}}.json", "fetch", self._fetch, "GET"),
            self._route(f"{messages}/{{sid}}.json", "update", self._update, "POST"),
            self._route(f"{messages}/{{sid}}.json", "delete", self._delete, "DELETE"),
            self._route(content, "content-create", self._create_content, "POST"),
            self._route(content, "content-list", self._list_contents, "GET"),
            self._route("/v1/ContentAndApprovals", "content-list", self._list_approvals, "GET"),
            self._route(f"{content}/{{sid}}", "content-fetch", self._fetch_content, "GET"),
            self._route(f"{content}/{{sid}}", "content-delete", self._delete_content, "DELETE"),
            self._route(
                f"{content}/{{sid}}/ApprovalRequests/whatsapp", "approval-request", self._submit, "POST"
            ),
            self._route(f"{content}/{{sid}}/ApprovalRequests", "approval-fetch", self._approval, "GET"),
            Route(f"{_STORAGE}/{{key}}", self._stored, methods=["GET"]),
            Route("/{path:path}", self._nothing, methods=["GET", "POST", "PUT", "DELETE"]),
        ]

    def _route(self, path: str, operation: str, answer: _Answer, method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            form = Form(())
            begun, status = self._desk.world.time.monotonic(), 0
            try:
                form = await read_form(request)
                self._admit(request)
                fault = self._simulator.faults.take(operation, form.text("To").rpartition("+")[2])
                response = await spoiled(request, fault, _refusal_of, lambda: answer(request, form, fault))
                status = response.status_code
            except TwilioError as error:
                status = error.status
                return _refusal(error)
            finally:
                values: dict[str, Any] = {**request.path_params, **dict(form.pairs)}
                self._simulator.calls.append(Call(operation, values, begun, status))
            return response

        return Route(path, endpoint, methods=[method], name=f"{method} {path}")

    def _admit(self, request: Request) -> None:
        """Whether it is the account's client, and not too many at once.

        Raises:
            TwilioError: 20003 or 20429.
        """
        self._desk.account.check(request.headers.get("authorization"), request.path_params.get("account"))
        self._desk.rates.admit_request()

    def _send(self, request: Request, form: Form, fault: Fault | None) -> Response:
        with self._desk.world.lock:
            draft = read_draft(self._desk, form)
            record = self._delivery.accept(draft)
            body = record.shown(self._desk.account.sid)
            failing = fault.code if fault is not None and fault.kind == "fail" else 0
            self._delivery.start(record, draft, failing)
        return JSONResponse(body, status_code=201)

    def _list(self, request: Request, form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            records = self._desk.records.newest_first()
            return JSONResponse(list_records(records, form, self._desk.account.sid))

    def _fetch(self, request: Request, _form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            return JSONResponse(self._record(request).shown(self._desk.account.sid))

    def _update(self, request: Request, form: Form, _fault: Fault | None) -> Response:
        """Cancel a message that was put off, or remove the words of one that is done."""
        with self._desk.world.lock:
            record = self._record(request)
            if form.text("Status") == "canceled":
                if record.status != "scheduled":
                    raise refused(20409, status=record.status)
                self._desk.records.move(record, "canceled")
            elif "Body" in form and not form.text("Body"):
                if record.status not in FINAL | {"sent"}:
                    raise refused(20001, detail="a message can be redacted when it is done")
                record.body = ""
            else:
                raise refused(20001, detail="only Status=canceled or an empty Body can be set")
            return JSONResponse(record.shown(self._desk.account.sid))

    def _delete(self, request: Request, _form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            self._desk.records.remove(self._record(request))
        return Response(status_code=204)

    def _record(self, request: Request) -> Record:
        return self._desk.records.find(request.path_params["sid"], request.url.path)

    def _media_list(self, request: Request, _form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            record = self._record(request)
            account = self._desk.account.sid
            media = [record.shown_media(stored, account) for stored in record.media]
        return JSONResponse(
            {
                "media_list": media,
                "first_page_uri": f"{request.url.path}?PageSize=50&Page=0",
                "next_page_uri": None,
                "previous_page_uri": None,
                "page": 0,
                "page_size": 50,
                "start": 0,
                "end": max(len(media) - 1, 0),
                "uri": request.url.path,
            }
        )

    def _media(self, request: Request, _form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            record = self._record(request)
            for stored in record.media:
                if stored.sid == request.path_params["media"]:
                    return JSONResponse(record.shown_media(stored, self._desk.account.sid))
        raise refused(20404, path=request.url.path)

    async def _media_file(self, request: Request) -> Response:
        """The file itself: a redirect to the storage, for those who prove to be the account's."""
        try:
            if not self.media_open:
                authorization = request.headers.get("authorization")
                self._desk.account.check(authorization, request.path_params["account"])
            with self._desk.world.lock:
                for stored in self._record(request).media:
                    if stored.sid == request.path_params["media"]:
                        return RedirectResponse(f"{self._desk.base}{_STORAGE}/{stored.key}", 307)
            raise refused(20404, path=request.url.path)
        except TwilioError as error:
            return _refusal(error)

    async def _stored(self, request: Request) -> Response:
        """The storage, whose addresses can't be guessed."""
        with self._desk.world.lock:
            media = self._desk.records.media_by_key(request.path_params["key"])
        if self.files_away:
            return Response(status_code=503)
        if media is None:
            return Response(status_code=404)
        name = media.name.replace('"', "")
        return Response(
            media.content,
            media_type=media.mime,
            headers={"Content-Disposition": f'inline; filename="{name}"'} if name.isascii() else None,
        )

    async def _create_content(self, request: Request, _form: Form, _fault: Fault | None) -> Response:
        body = await _json_object(request)
        with self._desk.world.lock:
            return JSONResponse(self._shown(self._desk.contents.create(body)), status_code=201)

    def _list_contents(self, request: Request, form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            shown = [self._shown(template) for template in self._desk.contents.all()]
        return JSONResponse(listed_contents(shown, form, f"{self._desk.base}{request.url.path}"))

    def _list_approvals(self, request: Request, form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            shown = [
                self._shown(template)
                | {"approval_requests": template.approval.shown if template.approval else {}}
                for template in self._desk.contents.all()
            ]
        return JSONResponse(listed_contents(shown, form, f"{self._desk.base}{request.url.path}"))

    def _fetch_content(self, request: Request, _form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            return JSONResponse(self._shown(self._template(request)))

    def _delete_content(self, request: Request, _form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            self._desk.contents.remove(self._template(request))
        return Response(status_code=204)

    async def _submit(self, request: Request, _form: Form, _fault: Fault | None) -> Response:
        body = await _json_object(request)
        with self._desk.world.lock:
            template = self._template(request)
            name, category = str(body.get("name") or ""), str(body.get("category") or "")
            approval = self._desk.contents.submit(template, name, category)
            return JSONResponse(_submitted(approval), status_code=201)

    def _approval(self, request: Request, _form: Form, _fault: Fault | None) -> Response:
        with self._desk.world.lock:
            template = self._template(request)
            body: Json = {
                "sid": template.sid,
                "account_sid": self._desk.account.sid,
                "whatsapp": template.approval.shown if template.approval else {},
                "url": f"{self._desk.base}{request.url.path}",
            }
        return JSONResponse(body)

    def _template(self, request: Request) -> ContentTemplate:
        return self._desk.contents.find(request.path_params["sid"], request.url.path)

    def _shown(self, template: ContentTemplate) -> Json:
        return template.shown(self._desk.account.sid, self._desk.base)

    async def _nothing(self, request: Request) -> Response:
        return _refusal(refused(20404, path=request.url.path))


def _submitted(approval: Approval) -> Json:
    return {name: value for name, value in approval.shown.items() if name != "type"} | {"status": "received"}


def _refusal(error: TwilioError) -> Response:
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.code == 20003:
        headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return JSONResponse(error.body, error.status, headers)


def _refusal_of(fault: Fault) -> TwilioError:
    match fault.kind:
        case "429":
            return refused(20429, max(1, int(fault.seconds)))
        case "500":
            return TwilioError(20500, "Internal Server Error", 500)
        case _:
            return refused(fault.code)


async def _json_object(request: Request) -> Mapping[str, Any]:
    try:
        value: object = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise refused(20001, detail="the body is no JSON") from error
    if not isinstance(value, dict):
        raise refused(20001, detail="the body is no JSON object")
    return cast("dict[str, Any]", value)
