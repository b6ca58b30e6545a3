"""Failures of procedures: reporting them, who answers for them, and the report (whatsapp.md A2.4, A3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.parameters import NumberedType, optional, required, words
from core.areas.plant.commands.quality_parameters import SOP, named_department
from core.areas.plant.rules.sop_numbers import procedure_reference
from core.command import Command, Effect, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["SOP_VERBS"]

_LONGEST_REPORT = 1_000
_FAILURES = words(
    ("not_followed", _("Not followed")),
    ("unclear", _("Unclear")),
    ("outdated", _("Outdated")),
    ("missing", _("Missing")),
    ("other", _("Other")),
)
_PRIORITIES = words(("low", _("low")), ("normal", _("normal")), ("high", _("high")), ("urgent", _("urgent")))
_DECISIONS = words(
    ("accept", _("accept: it is to be looked into")),
    ("reject", _("reject: the ticket is closed")),
)
_SHOWN = words(("open", _("what is to be done")), ("all", _("all")))


async def _list(request: Request) -> Page:
    from core.areas.plant.pages.sops import sops_page

    return await sops_page(request)


async def _show(request: Request) -> Page:
    from core.areas.plant.pages.sop import sop_page

    return await sop_page(request)


async def _report(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.sops import apply_report

    return await apply_report(request, transaction)


async def _accept(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.sops import apply_accept

    return await apply_accept(request, transaction)


async def _reject(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.sops import apply_reject

    return await apply_reject(request, transaction)


async def _decide(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.sops import apply_decide

    return await apply_decide(request, transaction)


async def _reassign(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.sops import apply_reassign

    return await apply_reassign(request, transaction)


async def _ncr(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.sops import apply_ncr

    return await apply_ncr(request, transaction)


async def _verify(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.sops import apply_verify

    return await apply_verify(request, transaction)


_REPORTING = (
    Verb(
        Command(
            "sops",
            _("Failures of procedures, those that wait for a decision first"),
            (Parameter("show", _("Which tickets?"), _SHOWN, default="open"),),
        ),
        Read(_list),
    ),
    Verb(
        Command("sop", _("One failure of a procedure: where it stands, its history and report"), (SOP,)),
        Read(_show),
    ),
    Verb(
        Command(
            "sop report",
            _("Report that a procedure failed"),
            (
                Parameter(
                    "reference",
                    _("Which procedure? Its reference, like SOP-001-2025."),
                    NumberedType(procedure_reference),
                    required=True,
                ),
                named_department("department", _("Which department is charged with it?"), required=True),
                required("description", _("What happened, in a few words?")),
                Parameter("failure", _("What was wrong with the procedure?"), _FAILURES),
                optional("impact", _("What did it lead to?")),
                named_department("charging", _("For which department do you report it?")),
                Parameter("priority", _("How urgent is it?"), _PRIORITIES),
            ),
            effect=Effect.WRITE,
        ),
        Write(_report),
    ),
)

_DECIDING = (
    Verb(
        Command(
            "sop accept",
            _("Take a failure on oneself, to look into it"),
            (SOP,),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_accept),
    ),
    Verb(
        Command(
            "sop reject",
            _("Say that the charged department wasn’t it; the head of department has to decide"),
            (SOP, required("reason", _("Why is it rejected?"))),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_reject),
    ),
    Verb(
        Command(
            "sop decide",
            _("Decide about an escalated failure, as head of department"),
            (
                SOP,
                Parameter("decision", _("What do you decide?"), _DECISIONS, required=True),
                optional("reason", _("Why?")),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_decide),
    ),
    Verb(
        Command(
            "sop reassign",
            _("Charge another department with a failure, where it is open again"),
            (
                SOP,
                named_department("department", _("Which department is charged with it now?"), required=True),
                required("reason", _("Why is it theirs?")),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_reassign),
    ),
    Verb(
        Command(
            "sop ncr",
            _("Submit the non-conformance report on a failure, which closes it"),
            (
                SOP,
                required("root_cause", _("What was the root cause?"), _LONGEST_REPORT),
                required("corrective", _("What was done about it?"), _LONGEST_REPORT),
                required("preventive", _("What keeps it from happening again?"), _LONGEST_REPORT),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_ncr),
    ),
    Verb(
        Command(
            "sop verify",
            _("Say whether what a report promised has helped"),
            (
                SOP,
                required("effectiveness", _("Has it helped, and how is that seen?"), _LONGEST_REPORT),
                optional("follow_up", _("What is still to be done?"), _LONGEST_REPORT),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_verify),
    ),
)

SOP_VERBS = (*_REPORTING, *_DECIDING)
