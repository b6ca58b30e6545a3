"""The identity provider: client credentials in, bearer tokens out (plume.md 2)."""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse

from core.moment import Clock
from core.simulators.plume.world import JsonObject, Partner

__all__ = ["TokenService", "basic_authorization"]

_SCOPE = re.compile(r"partnerId:(\S+) role:partnerIdAdmin")
_FORM_TYPE = "application/x-www-form-urlencoded"


def basic_authorization(partner: Partner) -> str:
    """The whole value of the header by which `partner` identifies itself."""
    return "Basic " + b64encode(f"{partner.client_id}:{partner.client_secret}".encode()).decode()


class TokenRefusedError(Exception):
    """An answer of plume.md 2.4: the `error` word, its HTTP status and a sentence for people."""

    def __init__(self, word: str, status: int, description: str) -> None:
        super().__init__(description)
        self.word = word
        self.status = status
        self.description = description


@dataclass(frozen=True, slots=True)
class _Grant:
    """A token that was given: whose it is, and when it ends on either clock."""

    partner: Partner
    scope: str
    issued: int
    expires: int
    deadline: float


class TokenService:
    """Gives tokens that live `lifetime` seconds, counts the requests for them, and can revoke all.

    Whether a token is alive is decided by the monotonic clock, as on a server whose own time is right:
    stepping the wall clock of a test is a fault of the client's machine, not of the cloud.
    """

    def __init__(self, clock: Clock, partners: Sequence[Partner], lifetime: int) -> None:
        self.lifetime = lifetime
        self.requests = 0
        self._clock = clock
        self._partners = {partner.client_id: partner for partner in partners}
        self._grants: dict[str, _Grant] = {}

    def revoke_all(self) -> None:
        """Make every token given so far worthless, at once."""
        self._grants.clear()

    def partner_of(self, authorization: str | None) -> Partner | None:
        """The partner whose live token an `Authorization` header carries."""
        scheme, _, token = (authorization or "").partition(" ")
        grant = self._living(token.strip()) if scheme.lower() == "bearer" else None
        return grant.partner if grant else None

    async def token(self, request: Request) -> JSONResponse:
        """Answer `POST …/v1/token`."""
        self.requests += 1
        try:
            form = await _form(request)
            partner = self._identify(request, form)
            return JSONResponse(self._grant(partner, form), headers={"Cache-Control": "no-store"})
        except TokenRefusedError as refusal:
            return _refused(refusal)

    async def introspect(self, request: Request) -> JSONResponse:
        """Answer `POST …/v1/introspect` (plume.md 2.5)."""
        try:
            form = await _form(request)
            partner = self._identify(request, form)
        except TokenRefusedError as refusal:
            return _refused(refusal)
        token = str(form.get("token", ""))
        grant = self._living(token)
        if grant is None or grant.partner is not partner:
            return JSONResponse({"active": False})
        return JSONResponse({"active": True, "token_type": "Bearer", **_claims(grant, request)})

    def _living(self, token: str) -> _Grant | None:
        grant = self._grants.get(token)
        return grant if grant and self._clock.monotonic() < grant.deadline else None

    def _identify(self, request: Request, form: FormData) -> Partner:
        """The partner a request's Basic header proves itself to be."""
        header = request.headers.get("authorization")
        in_form = "client_id" in form or "client_secret" in form
        if header is None and not in_form:
            raise TokenRefusedError("invalid_request", 400, "No client credentials were given.")
        if header is not None and in_form:
            raise TokenRefusedError("invalid_request", 400, "Client credentials were given twice.")
        scheme, _, value = (header or "").partition(" ")
        if scheme.lower() != "basic":
            raise TokenRefusedError(
                "invalid_client", 401, "The client must identify itself by a Basic header."
            )
        client_id, secret = _basic_pair(value)
        partner = self._partners.get(client_id)
        if partner is None or partner.client_secret != secret:
            raise TokenRefusedError("invalid_client", 401, "The client is unknown or its secret is wrong.")
        return partner

    def _grant(self, partner: Partner, form: FormData) -> JsonObject:
        kind = str(form.get("grant_type", ""))
        if kind != "client_credentials":
            word = "unsupported_grant_type" if kind else "invalid_grant"
            raise TokenRefusedError(word, 400, "The grant type must be client_credentials.")
        scope = str(form.get("scope", ""))
        match = _SCOPE.fullmatch(scope)
        if match is None or match[1] != partner.id:
            raise TokenRefusedError(
                "invalid_scope", 400, "The scope is malformed or names an unknown partner."
            )
        issued = int(self._clock.now().timestamp())
        deadline = self._clock.monotonic() + self.lifetime
        grant = _Grant(partner, scope, issued, issued + self.lifetime, deadline)
        token = _write_token(grant, self.requests)
        self._grants[token] = grant
        return {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token, "scope": scope}


async def _form(request: Request) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM_TYPE:
        raise TokenRefusedError("invalid_request", 400, f"The body must be {_FORM_TYPE}.")
    form = await request.form()
    names = [name for name, _ in form.multi_items()]
    if len(names) != len(set(names)):
        raise TokenRefusedError("invalid_request", 400, "A parameter was given twice.")
    return form


def _basic_pair(value: str) -> tuple[str, str]:
    try:
        client_id, colon, secret = b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = client_id = secret = ""
    if not colon:
        raise TokenRefusedError("invalid_request", 400, "The Basic value is malformed.")
    return client_id, secret


def _claims(grant: _Grant, request: Request | None = None) -> JsonObject:
    """What a token says of itself; the issuer is named only where a request tells the address."""
    issuer = "" if request is None else str(request.url).rpartition("/v1/")[0]
    return {
        "scope": grant.scope,
        "exp": grant.expires,
        "iat": grant.issued,
        "sub": grant.partner.client_id,
        "aud": "simulated-plume",
        "iss": issuer or "simulated-issuer",
        "jti": f"SIM.{grant.issued}",
        "client_id": grant.partner.client_id,
    }


def _write_token(grant: _Grant, number: int) -> str:
    """Three parts like a JWT, with `exp` inside, and a signature that signs nothing."""
    header = _part({"alg": "none", "typ": "JWT", "kid": "simulated"})
    payload = _part({**_claims(grant), "jti": f"SIM.{grant.issued}.{number}"})
    digest = blake2b(f"{payload}.{number}".encode(), digest_size=6).hexdigest()
    return f"{header}.{payload}.simulated-{digest}"


def _part(content: JsonObject) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _refused(refusal: TokenRefusedError) -> JSONResponse:
    body = {"error": refusal.word, "error_description": refusal.description}
    return JSONResponse(body, status_code=refusal.status)
