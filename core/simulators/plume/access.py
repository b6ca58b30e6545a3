"""Who may see what: the status rules of plume.md 2.6, and routes that obey them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.simulators.plume.cloud import Cloud
from core.simulators.plume.tokens import TokenService
from core.simulators.plume.world import Customer, Location, Partner

__all__ = ["Access", "Answer", "Visit", "WordRoute", "error_body"]

_ERROR_NAMES = {
    400: "BadRequestError",
    401: "UnauthorizedError",
    403: "ForbiddenError",
    404: "NotFoundError",
    422: "UnprocessableEntityError",
    500: "InternalServerError",
    503: "ServiceUnavailableError",
}


class WordRoute(Route):
    """A route whose fixed words match in any case (plume.md 1, path case)."""

    def __init__(
        self, path: str, endpoint: Callable[[Request], Awaitable[JSONResponse]], *, method: str = "GET"
    ) -> None:
        super().__init__(path, endpoint, methods=[method])
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Visit:
    """A permitted request for one location: its query, its form, and the ids its path names."""

    cloud: Cloud
    location: Location
    query: Mapping[str, str]
    form: Mapping[str, str]
    ids: Mapping[str, str]


Answer = Callable[[Visit], object]
"""Makes the JSON of one path out of a permitted visit; raises `HTTPException` for any other status."""


@dataclass(frozen=True, slots=True)
class Access:
    """Checks tokens and ownership.

    401: no live token, or an unknown customer, except where a path says 404 for the latter.
    403: the customer belongs to another partner. 404: unknown location, or not this customer's.
    """

    cloud: Cloud
    tokens: TokenService

    def partner(self, request: Request) -> Partner:
        """The partner whose token the request carries."""
        partner = self.tokens.partner_of(request.headers.get("authorization"))
        if partner is None:
            raise HTTPException(401, "Authorization is required.")
        return partner

    def customer(self, request: Request, *, unknown: int = 401) -> Customer:
        """The customer the path names; `unknown` is the status for one that does not exist."""
        partner = self.partner(request)
        customer = self.cloud.customers.get(_path_id(request, "customer"))
        if customer is None:
            raise HTTPException(
                unknown, "Authorization is required." if unknown == 401 else "Unknown customer."
            )
        return _owned(customer, partner)

    def location(self, request: Request, *, unknown_customer: int = 401) -> Location:
        """The location the path names, under the customer it names."""
        customer = self.customer(request, unknown=unknown_customer)
        location = self.cloud.locations.get(_path_id(request, "location"))
        if location is None or location.customer_id != customer.id:
            raise HTTPException(404, "Unknown location.")
        return location

    def gateway_location(self, request: Request) -> Location:
        """The location named by a path that names no customer."""
        partner = self.partner(request)
        location = self.cloud.locations.get(_path_id(request, "location"))
        if location is None:
            raise HTTPException(404, "Unknown location.")
        _owned(self.cloud.customers[location.customer_id], partner)
        return location

    def route(
        self, path: str, answer: Answer, *, method: str = "GET", unknown_customer: int = 401
    ) -> WordRoute:
        """A route whose path names a customer and a location, or a location alone."""

        async def endpoint(request: Request) -> JSONResponse:
            if "customer" in request.path_params:
                location = self.location(request, unknown_customer=unknown_customer)
            else:
                location = self.gateway_location(request)
            words: dict[str, str] = {}
            if method == "POST":
                words = {name: str(value) for name, value in (await request.form()).items()}
            ids = {name: _path_id(request, name) for name in request.path_params}
            return JSONResponse(answer(Visit(self.cloud, location, request.query_params, words, ids)))

        return WordRoute(path, endpoint, method=method)


def error_body(status: int, message: str) -> dict[str, object]:
    """The error object of the API (plume.md 5)."""
    name = _ERROR_NAMES.get(status, "Error")
    return {"error": {"statusCode": status, "name": name, "message": message}}


def _path_id(request: Request, name: str) -> str:
    return unquote(request.path_params[name])


def _owned(customer: Customer, partner: Partner) -> Customer:
    if customer.partner_id != partner.id:
        raise HTTPException(403, "The customer belongs to another partner.")
    return customer
