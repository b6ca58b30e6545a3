"""What the area's writes answer: an account set up or forgotten, a collection, an import."""

from __future__ import annotations

from collections.abc import Sequence

from core.areas.usage.importing.monitor_database import RECORDS
from core.areas.usage.importing.summary import ImportedAccount, ImportSummary, RefusedRows
from core.areas.usage.model import Account, Bundle, Plan
from core.areas.usage.pages.common import account_actions, gigabytes
from core.message import Message, _, plural
from core.page import Action, Column, Fact, Facts, Kind, Note, Page, Place, Row, Table
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State

__all__ = ["Asked", "collected_page", "forgotten_page", "imported_page", "set_up_page"]

Asked = tuple[str, Bundle | None, Message | None]
"""An account that was asked, what it showed, or why it could not be asked."""

_DONE = State(Severity.GOOD, _("DONE"))
_NO_BALANCE = Absent(_("Taara states no balance for this plan"))


def set_up_page(account: Account, bundle: Bundle) -> Page:
    """An account whose access works, with the plans it showed."""
    note = plural("It works: {count} plan found.", "It works: {count} plans found.", len(bundle.plans))
    warnings = (Note(f"warning{i}", each, Severity.WARNING) for i, each in enumerate(bundle.warnings))
    return Page(
        key="usage.setup",
        title=_("{account} is set up", account=account.name),
        crumb=account.name,
        verdict=State(Severity.GOOD, _("WORKING")),
        blocks=(
            Note("done", note, Severity.GOOD),
            *warnings,
            Facts(
                "access",
                _("Kept, encrypted"),
                (Fact(_("Account"), account.name), Fact(_("Phone"), account.phone)),
                Place.WIDE,
            ),
        ),
        actions=account_actions(account.name),
    )


def forgotten_page(name: str) -> Page:
    """An account that is no longer watched."""
    note = _(
        "{account} is no longer watched and its access is forgotten. What was read of it stays, and shows"
        " again once it is set up under the same name.",
        account=name,
    )
    return Page(
        key="usage.forget",
        title=_("Done"),
        crumb=name,
        verdict=_DONE,
        blocks=(Note("done", note, Severity.GOOD),),
        actions=(Action("usage", _("Balance and forecast")),),
    )


def collected_page(asked: Sequence[Asked]) -> Page:
    """What asking Taara right now brought, account by account."""
    failed = sum(error is not None for _name, _bundle, error in asked)
    verdict = State(Severity.WARNING, _("IN PART")) if failed else _DONE
    notes = [
        Note(f"failed{index}", _("{account}: {reason}", account=name, reason=error), Severity.WARNING)
        for index, (name, _bundle, error) in enumerate(asked)
        if error is not None
    ]
    rows = [
        Row(f"{name}/{index}", (name, plan.name, _state(plan), gigabytes(plan.balance, _NO_BALANCE)))
        for name, bundle, _error in asked
        for index, plan in enumerate(bundle.plans if bundle is not None else ())
    ]
    columns = (
        Column("account", _("Account"), Kind.TEXT, 1),
        Column("plan", _("Plan"), Kind.TEXT, 1),
        Column("state", _("State"), Kind.STATE, 2),
        Column("balance", _("Left"), Kind.NUMBER, 1),
    )
    none = _("Taara lists no plan.")
    actions = account_actions(asked[0][0], "collect") if len(asked) == 1 else ()
    return Page(
        key="usage.collect",
        title=_("Taara was asked"),
        verdict=verdict,
        blocks=(*notes, tabulate("plans", _("Plans"), columns, rows, empty=none, place=Place.WIDE)),
        actions=actions or (Action("usage", _("Balance and forecast")),),
    )


def imported_page(imported: ImportSummary) -> Page:
    """What came in from a file, and what did not and why."""
    refused = sum(each.count for each in imported.refused)
    note = plural(
        "{count} reading was taken over from {file}.",
        "{count} readings were taken over from {file}.",
        imported.readings,
        file=imported.file,
    )
    known = imported.known + imported.known_calls
    actions = tuple(
        Action("usage", _("{account}: balance and forecast", account=each.name), (("account", each.name),))
        for each in imported.accounts
    )
    return Page(
        key="usage.import",
        title=_("History imported"),
        verdict=State(Severity.NOTICE, _("IN PART")) if refused else _DONE,
        blocks=(
            Note("done", note, Severity.GOOD),
            Facts(
                "counts",
                _("What became of its rows"),
                (
                    Fact(_("Readings in the file"), imported.rows),
                    Fact(_("Readings taken over"), imported.readings),
                    Fact(_("Of these without a known balance"), imported.unknown_balances),
                    Fact(_("Calls in the file"), imported.call_rows),
                    Fact(_("Calls taken over"), imported.calls),
                    Fact(_("Here already"), known),
                    Fact(_("Left out"), refused),
                ),
                Place.WIDE,
            ),
            _accounts_table(imported.accounts),
            _refused_table(imported.refused),
        ),
        actions=actions,
    )


def _accounts_table(accounts: Sequence[ImportedAccount]) -> Table:
    columns = (
        Column("account", _("Account"), Kind.TEXT, 1),
        Column("readings", _("Taken over"), Kind.NUMBER, 1),
        Column("known", _("Here already"), Kind.NUMBER, 2),
        Column("first", _("From"), Kind.MOMENT, 1),
        Column("last", _("To"), Kind.MOMENT, 1),
    )
    rows = [
        Row(each.name, (each.name, each.readings, each.known, Instant(each.first), Instant(each.last)))
        for each in accounts
    ]
    none = _("Not one reading could be taken over.")
    return tabulate("accounts", _("Accounts"), columns, rows, empty=none, place=Place.WIDE)


def _refused_table(refused: Sequence[RefusedRows]) -> Table:
    columns = (
        Column("table", _("Table"), Kind.TEXT, 2),
        Column("reason", _("Why"), Kind.TEXT, 1),
        Column("count", _("Rows"), Kind.NUMBER, 1),
        Column("examples", _("First ids"), Kind.TEXT, 2),
    )
    words = {True: _("readings"), False: _("calls")}
    rows = [
        Row(str(index), (words[each.table == RECORDS], each.reason, each.count, ", ".join(each.examples)))
        for index, each in enumerate(refused)
    ]
    none = _("Nothing was left out.")
    return tabulate("refused", _("Left out"), columns, rows, empty=none, place=Place.WIDE)


def _state(plan: Plan) -> State:
    if plan.active:
        return State(Severity.GOOD, _("in use"))
    return State(Severity.IDLE, _("not in use"))
