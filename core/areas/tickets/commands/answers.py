"""The FAQ, and the answers that agents keep ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.tickets.commands.parameters import CATEGORY, THEN, TICKET
from core.areas.tickets.model import LONGEST_TEXT
from core.command import Choice, ChoiceType, Command, Effect, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["ANSWER_VERBS"]

_ENTRY = Parameter(
    "entry",
    _("Which entry? Its number, like FAQ-1."),
    TextType(20),
    required=True,
    source="faq entry",
    title=_("Entry"),
)
_CANNED = Parameter(
    "name",
    _("Which canned answer?"),
    TextType(60),
    required=True,
    source="canned answer",
    title=_("Canned answer"),
)
_HELPED = ChoiceType((Choice("yes", _("yes")), Choice("no", _("no"))))


async def _faq(request: Request) -> Page:
    from core.areas.tickets.pages.faq import faq_page

    return await faq_page(request)


async def _entry(request: Request) -> Page:
    from core.areas.tickets.pages.faq import entry_page

    return await entry_page(request)


async def _canned(request: Request) -> Page:
    from core.areas.tickets.pages.canned import canned_page

    return await canned_page(request)


async def _vote(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.answers import apply_faq_vote

    return await apply_faq_vote(request, transaction)


async def _edit(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.answers import apply_faq_edit

    return await apply_faq_edit(request, transaction)


async def _remove(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.answers import apply_faq_remove

    return await apply_faq_remove(request, transaction)


async def _canned_use(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.replying import apply_canned_use

    return await apply_canned_use(request, transaction)


async def _canned_edit(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.answers import apply_canned_edit

    return await apply_canned_edit(request, transaction)


async def _canned_remove(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.answers import apply_canned_remove

    return await apply_canned_remove(request, transaction)


ANSWER_VERBS = (
    Verb(
        Command(
            "faq",
            _("Frequent questions and their answers"),
            (Parameter("search", _("Which words?"), TextType(120)), CATEGORY),
            role=Role.PUBLIC,
        ),
        Read(_faq),
    ),
    Verb(
        Command(
            "faq show",
            _("One question and its answer"),
            (_ENTRY, Parameter("search", _("Found by which words?"), TextType(120))),
            role=Role.PUBLIC,
        ),
        Read(_entry),
    ),
    Verb(
        Command(
            "faq vote",
            _("Say whether an answer helped"),
            (_ENTRY, Parameter("helped", _("Did it help?"), _HELPED, required=True)),
            role=Role.PUBLIC,
            effect=Effect.WRITE,
        ),
        Write(_vote),
    ),
    Verb(
        Command(
            "faq edit",
            _("Write an FAQ entry, or change one"),
            (
                Parameter(
                    "entry", _("Which entry? None writes a new one."), TextType(20), source="faq entry"
                ),
                Parameter("question", _("The question?"), TextType(200)),
                Parameter("answer", _("The answer?"), TextType(LONGEST_TEXT)),
                CATEGORY,
                Parameter("tags", _("Tags, with commas between them?"), TextType(200)),
                Parameter("language", _("In which language, like en?"), TextType(20)),
            ),
            effect=Effect.WRITE,
            agents=True,
        ),
        Write(_edit),
    ),
    Verb(
        Command("faq remove", _("Take an FAQ entry away"), (_ENTRY,), effect=Effect.DANGER, agents=True),
        Write(_remove),
    ),
    Verb(
        Command(
            "canned",
            _("The canned answers"),
            (Parameter("name", _("Only one? Its name."), TextType(60), source="canned answer"),),
            agents=True,
        ),
        Read(_canned),
    ),
    Verb(
        Command(
            "canned use",
            _("Send a canned answer on a ticket"),
            (TICKET, _CANNED, THEN),
            effect=Effect.WRITE,
            agents=True,
        ),
        Write(_canned_use),
    ),
    Verb(
        Command(
            "canned edit",
            _("Write a canned answer, or change one"),
            (
                Parameter("name", _("Its name?"), TextType(60), required=True),
                Parameter(
                    "text",
                    _("Its text? It may name requester, ticket, subject and agent in braces."),
                    TextType(LONGEST_TEXT),
                    required=True,
                ),
            ),
            effect=Effect.WRITE,
            agents=True,
        ),
        Write(_canned_edit),
    ),
    Verb(
        Command(
            "canned remove", _("Take a canned answer away"), (_CANNED,), effect=Effect.DANGER, agents=True
        ),
        Write(_canned_remove),
    ),
)
