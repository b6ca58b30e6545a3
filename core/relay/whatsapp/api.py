"""What the gateway tells of WhatsApp to who has the token (whatsapp.md A9): figures, sessions, a trial."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.areas.relay.rules.window import OPEN_FOR, WhatsAppUser
from core.areas.relay.store.messages import read_analytics
from core.areas.relay.store.whatsapp import find_user
from core.errors import StoreError
from core.message import ENGLISH, _
from core.moment import Clock
from core.notify.answers import enqueue_replies
from core.notify.notice import Answer, Recipient
from core.notify.people.phones import Phones, phone_of
from core.relay.languages import formatter_for
from core.relay.reply import Reply, encode_reply
from core.relay.sessions.store import Sessions
from core.relay.whatsapp.phones import CHANNEL
from core.relay.whatsapp.windows import said_of_closed
from core.secret import Secret
from core.store.store import Store
from core.text import clean, paragraph

__all__ = ["WhatsAppApi"]

_ROOT = "/api/whatsapp"
_DAY = timedelta(days=1)
_LONGEST = 1_000
_LONGEST_USER = 64

_Answer = Callable[[Request], Awaitable[Response]]


class WhatsAppApi:
    """Answers for the sender `line` to requests that bring `token`; without one nothing can be asked."""

    def __init__(
        self,
        token: Secret,
        line: str,
        sessions: Sessions,
        phones: Phones,
        store: Store,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._token = token.reveal().encode()
        self._line = line
        self._sessions = sessions
        self._phones = phones
        self._store = store
        self._clock = clock
        self._wake = wake

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Where the gateway serves it."""
        if not self._token:
            return ()
        return (
            Route(f"{_ROOT}/analytics", self._guarded(self._analytics), methods=["GET"]),
            Route(f"{_ROOT}/sessions", self._guarded(self._list), methods=["GET"]),
            Route(f"{_ROOT}/sessions/{{phone}}", self._guarded(self._end), methods=["DELETE"]),
            Route(f"{_ROOT}/test", self._guarded(self._try), methods=["POST"]),
        )

    def _guarded(self, answer: _Answer) -> _Answer:
        async def guarded(request: Request) -> Response:
            scheme, _space, given = request.headers.get("authorization", "").partition(" ")
            known = hmac.compare_digest(given.encode(), self._token)
            if scheme.lower() != "bearer" or not known:
                return JSONResponse({"error": "unauthorized"}, 401, {"www-authenticate": "Bearer"})
            try:
                return await answer(request)
            except StoreError:
                return JSONResponse({"error": "unavailable"}, 503, {"retry-after": "5"})

        return guarded

    async def _analytics(self, _request: Request) -> Response:
        """The figures of the last 24 hours."""
        now = self._clock.now()
        async with self._store.reading() as connection:
            found = await read_analytics(connection, now - _DAY, now)
        return JSONResponse(
            {
                "messages_received": found.messages_received,
                "messages_sent": found.messages_sent,
                "workflows_completed": found.workflows_completed,
                "errors_occurred": found.errors_occurred,
                "active_users": found.active_users,
                "average_session_duration": found.average_session_duration,
                "avg_session_duration": found.average_session_duration,
                "message_ratio": found.message_ratio,
            }
        )

    async def _list(self, _request: Request) -> Response:
        """The sessions that go on, by what each phone is called: its number is told to nobody (S20)."""
        found = await self._sessions.present()
        sessions = {
            each.user: {
                "state": each.state,
                "data_keys": list(each.data),
                "created_at": each.created_at.isoformat(),
                "updated_at": each.updated_at.isoformat(),
            }
            for each in found
        }
        return JSONResponse({"total_sessions": len(found), "sessions": sessions})

    async def _end(self, request: Request) -> Response:
        """End the session of a phone, or of what `_list` calls it."""
        asked: str = request.path_params["phone"]
        user = self._phones.user_of(phone_of(asked)) or clean(asked, _LONGEST_USER)
        ended = await self._sessions.end(user)
        return JSONResponse({"deleted": ended}, 200 if ended else 404)

    async def _try(self, request: Request) -> Response:
        """Send words to a phone, which must have written within 24 hours: a template has no room for them."""
        user = self._phones.user_of(phone_of(request.query_params.get("phone_number", "")))
        text = paragraph(request.query_params.get("message", ""), _LONGEST).strip()
        if not user or not text:
            return JSONResponse({"error": "phone_number and message are needed"}, 422)
        async with self._store.reading() as connection:
            known = await find_user(connection, self._line, user)
        now = self._clock.now()
        if known.left(now).total_seconds() <= 0:
            return JSONResponse(_refusal(known, now), 409)
        key = f"whatsapp:test:{now.timestamp():.6f}"
        reply = Reply(key, user, text=_("{text}", text=text))
        async with self._store.writing() as transaction:
            answer = Answer(key, Recipient(f"{CHANNEL}:{user}", CHANNEL, user), encode_reply(reply))
            await enqueue_replies(transaction, [answer])
        self._wake()
        return JSONResponse({"queued": True, "window": _window(known, now)}, 202)


def _window(known: WhatsAppUser, now: datetime) -> Mapping[str, object]:
    """Until when the user can be written to freely, or since when no more; nothing where that isn't known."""
    seconds = known.left(now).total_seconds()
    end = None if known.wrote_at is None else (known.wrote_at + OPEN_FOR).isoformat()
    if seconds > 0:
        return {"state": "open", "closes_at": end, "seconds_left": int(seconds)}
    return {"state": "closed", "closed_at": end}


def _refusal(known: WhatsAppUser, now: datetime) -> Mapping[str, object]:
    """Why free words don't go out, and what there is to know of the window."""
    said = formatter_for(ENGLISH, ZoneInfo("UTC"), now).message(said_of_closed(known, now))
    return {"error": "window_closed", "reason": said, "window": _window(known, now)}
