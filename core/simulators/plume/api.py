"""The routes under /api: customers, locations, nodes, devices, Wi-Fi, alerts and starting speed tests."""

from __future__ import annotations

import json
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from core.simulators.plume import bodies, quality
from core.simulators.plume.access import Access, Visit, WordRoute
from core.simulators.plume.results import results_body
from core.simulators.plume.world import Customer, JsonObject, Node, Partner

__all__ = ["api_routes"]

_LOCATION = "/api/Customers/{customer}/locations/{location}"
_PAGE = 500  # Lists return the first 500 unless a filter says otherwise (plume.md 4.1).
_SEARCH_FIELDS = ("accountId", "locationId", "name", "email")


def api_routes(access: Access) -> list[BaseRoute]:
    """Every route of the main API."""
    here = _LOCATION
    return [
        *_customer_routes(access),
        access.route(here, _location),
        access.route(f"{here}/serviceLevel", lambda visit: bodies.service_level_body(visit.location)),
        access.route(
            f"{here}/nodes",
            lambda visit: bodies.node_list_body(visit.cloud, visit.location),
            unknown_customer=404,
        ),
        access.route(f"{here}/nodes/{{node}}", _node, unknown_customer=404),
        access.route(
            f"{here}/alerts",
            lambda visit: bodies.alerts_body(visit.cloud, visit.location),
            unknown_customer=404,
        ),
        access.route(f"{here}/devices", lambda visit: bodies.device_list_body(visit.cloud, visit.location)),
        access.route(f"{here}/wifiNetworks", _wifi_networks),
        access.route(f"{here}/wifiNetwork", _wifi_network),
        access.route(f"{here}/wifiNetwork/ssid", _wifi_ssid),
        access.route(f"{here}/ispSpeedTest", _start_speed_test, method="POST"),
        access.route(f"{here}/nodes/{{node}}/speedTest", _start_node_speed_test, method="POST"),
        access.route(f"{here}/nodes/{{node}}/speedTestResults", results_body),
        access.route(f"{here}/appqoe/AppQoeStatsByTrafficClass", quality.app_qoe_body, method="POST"),
    ]


def _customer_routes(access: Access) -> list[BaseRoute]:
    """The routes that name no location."""

    async def customers(request: Request) -> JSONResponse:
        partner = access.partner(request)
        rows = [bodies.customer_body(customer) for customer in _customers_of(access, partner)]
        return JSONResponse(_filtered(rows, request.query_params.get("filter")))

    async def locations(request: Request) -> JSONResponse:
        customer = access.customer(request)
        summary = request.query_params.get("include") == "summary"
        found = access.cloud.locations_of(customer)
        return JSONResponse([bodies.location_row(access.cloud, row, summary=summary) for row in found])

    async def search(request: Request) -> JSONResponse:
        return JSONResponse(_search(access, access.partner(request), request))

    async def search_v2(request: Request) -> JSONResponse:
        return JSONResponse(_search_v2(access, access.partner(request), request))

    async def serial(request: Request) -> JSONResponse:
        return JSONResponse(_by_serial(access, access.partner(request), request.path_params["serial"]))

    return [
        WordRoute("/api/Customers", customers),
        WordRoute("/api/Customers/v2/search", search_v2),
        WordRoute("/api/Customers/{customer}/locations", locations),
        WordRoute("/api/Partners/customers/search/{keyword}", search),
        WordRoute("/api/Partners/nodes/{serial}", serial),
    ]


def _customers_of(access: Access, partner: Partner) -> list[Customer]:
    return [customer for customer in access.cloud.world.customers if customer.partner_id == partner.id]


def _filtered(rows: list[JsonObject], text: str | None) -> list[JsonObject]:
    """The rows a LoopBack `filter` asks for; of `where` only equality is understood."""
    try:
        wanted: object = json.loads(text) if text else {}
    except json.JSONDecodeError:
        wanted = None
    if not isinstance(wanted, dict):
        raise HTTPException(400, "The filter is no JSON object.")
    wanted = cast("dict[str, Any]", wanted)
    where: dict[str, object] = wanted.get("where") or {}
    rows = [row for row in rows if all(row.get(key) == value for key, value in where.items())]
    if order := str(wanted.get("order", "")):
        name, _, direction = order.partition(" ")
        rows.sort(key=lambda row: str(row.get(name)), reverse=direction.upper() == "DESC")
    first = int(wanted.get("offset", wanted.get("skip", 0)))
    rows = rows[first : first + int(wanted.get("limit", _PAGE))]
    fields: list[str] | None = wanted.get("fields")
    return [{key: row[key] for key in fields if key in row} for row in rows] if fields else rows


def _search(access: Access, partner: Partner, request: Request) -> list[JsonObject]:
    """Customers by a keyword, in one field or in all (plume.md 4.1)."""
    keyword, query = request.path_params["keyword"].lower(), request.query_params
    field = query.get("field")
    if keyword == "null" or (field is not None and field not in _SEARCH_FIELDS):
        raise HTTPException(422, "The keyword or the field is not allowed.")
    exact, prefix = query.get("exactMatch") == "true", query.get("startsWith") == "true"
    found: list[JsonObject] = []
    for customer in _customers_of(access, partner):
        values = _searched(access, customer)
        texts = [text.lower() for name in ([field] if field else _SEARCH_FIELDS) for text in values[name]]
        if any(_matches(text, keyword, exact=exact, prefix=prefix) for text in texts):
            found.append(
                {
                    "id": customer.id,
                    "accountId": customer.account_id,
                    "name": customer.name,
                    "email": customer.email,
                    "locations": [{"id": row} for row in values["locationId"]],
                }
            )
    first = _whole(query.get("skip"), 0)
    return found[first : first + _whole(query.get("limit"), _PAGE)]


def _search_v2(access: Access, partner: Partner, request: Request) -> list[JsonObject]:
    """The newer search: a row for each value that matched."""
    text = request.query_params.get("searchString", "").lower()
    exact = request.query_params.get("exactMatch") == "true"
    rows: list[JsonObject] = []
    for customer in _customers_of(access, partner) if text else ():
        places = access.cloud.locations_of(customer)
        for value in (customer.name, customer.email, customer.account_id, *(place.name for place in places)):
            if _matches(value.lower(), text, exact=exact, prefix=False):
                chosen = next((place.id for place in places if place.name == value), None)
                rows.append(
                    {
                        "matchedValue": value,
                        "customerId": customer.id,
                        "customerName": customer.name,
                        "customerEmail": customer.email,
                        "locationIdToSelect": chosen or (places[0].id if places else None),
                        "locations": [{"id": place.id, "name": place.name} for place in places],
                    }
                )
    return rows


def _searched(access: Access, customer: Customer) -> dict[str, list[str]]:
    return {
        "accountId": [customer.account_id],
        "name": [customer.name],
        "email": [customer.email],
        "locationId": [location.id for location in access.cloud.locations_of(customer)],
    }


def _matches(text: str, keyword: str, *, exact: bool, prefix: bool) -> bool:
    if exact:
        return text == keyword
    return text.startswith(keyword) if prefix else keyword in text


def _by_serial(access: Access, partner: Partner, serial: str) -> JsonObject:
    """Where a node is; the ids are missing while nobody has claimed it."""
    body: JsonObject = {"serialNumber": serial, "packId": f"PACK-{serial[-4:]}", "partnerId": partner.id}
    if serial in access.cloud.world.spare_serials:
        return body
    for location in access.cloud.world.locations:
        if any(node.id == serial for node in location.nodes):
            owner = access.cloud.customers[location.customer_id]
            if owner.partner_id != partner.id:
                raise HTTPException(403, "The node belongs to another partner.")
            return {"customerId": owner.id, "locationId": location.id} | body
    raise HTTPException(404, "Unknown serial number.")


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default


def _location(visit: Visit) -> JsonObject:
    summary = visit.query.get("include") == "summary"
    return bodies.location_body(visit.cloud, visit.location, summary=summary)


def _known_node(visit: Visit) -> Node:
    node = visit.cloud.node(visit.location, visit.ids["node"])
    if node is None:
        raise HTTPException(404, "Unknown node.")
    return node


def _node(visit: Visit) -> JsonObject:
    return bodies.node_body(visit.cloud, visit.location, _known_node(visit), detailed=True)


def _wifi_networks(visit: Visit) -> list[JsonObject]:
    return [bodies.wifi_body(network) for network in visit.location.networks]


def _wifi_network(visit: Visit) -> JsonObject:
    """The singular path, which carries the passphrase: it is here so that a test can see nobody calls it."""
    network = next(iter(visit.location.networks), None)
    return {"wifiNetwork": bodies.wifi_body(network) if network else {}}


def _wifi_ssid(visit: Visit) -> JsonObject:
    network = next(iter(visit.location.networks), None)
    return {"ssid": network.ssid if network else None}


def _start_speed_test(visit: Visit) -> JsonObject:
    request_id = visit.form.get("requestId") or ""
    started = visit.cloud.start_speed_test(visit.location)
    return {"requestId": request_id or started, "status": "started"}


def _start_node_speed_test(visit: Visit) -> JsonObject:
    node = _known_node(visit)
    if not node.gateway or not node.connected:
        raise HTTPException(422, "A speed test runs on a connected gateway only.")
    return _start_speed_test(visit)
