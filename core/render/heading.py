"""What every surface says above a page: what it is, how it stands, and how far it is the present."""

from __future__ import annotations

from dataclasses import dataclass

from core.message import _
from core.page import Freshness, Page
from core.render.values import Formatter

__all__ = ["Heading", "heading", "title_of"]


@dataclass(frozen=True, slots=True)
class Heading:
    """The words above a page, each on one line and safe to draw; empty where there is nothing to say.

    `age` is how old the data is, `moment` the same as a full date and time; `remark` tells that the page
    is not live and why.
    """

    title: str
    verdict: str
    age: str
    moment: str
    remark: str


def heading(page: Page, formatter: Formatter) -> Heading:
    """The heading of `page`; `formatter` is the person's own, not yet wound back to the page's moment."""
    wound = formatter.at(page.at)
    remarks = [_past(page, formatter), _source(page, wound)]
    return Heading(
        title=title_of(page, formatter),
        verdict=wound.verdict(page.verdict),
        age=wound.age(page.as_of) if page.as_of else "",
        moment=formatter.moment(page.as_of, full=True) if page.as_of else "",
        remark=" ".join(remark for remark in remarks if remark),
    )


def title_of(page: Page, formatter: Formatter) -> str:
    """The page's title with its subject: "Network · Harbour Office"."""
    return " · ".join(part for part in (formatter.value(page.title), formatter.value(page.crumb)) if part)


def _past(page: Page, formatter: Formatter) -> str:
    if page.at is None:
        return ""
    return formatter.message(_("As it was on {moment}.", moment=formatter.moment(page.at, full=True)))


def _source(page: Page, formatter: Formatter) -> str:
    """Why the page is not the present, and when the source will be asked again."""
    source = page.source_state
    if source.freshness is Freshness.LIVE:
        return ""
    if source.freshness is Freshness.NEVER:
        said = [formatter.message(_("Never polled."))]
    elif source.last_good is None:
        said = [formatter.message(_("Unknown: no answer yet."))]
    else:
        age = formatter.age(source.last_good)
        stale = source.freshness is Freshness.STALE
        said = [
            formatter.message(
                _("Stale: last answer {age}.", age=age)
                if stale
                else _("Unknown: last answer {age}.", age=age)
            )
        ]
    if source.reason is not None:
        said.append(formatter.message(source.reason))
    if source.next_try is not None:
        said.append(formatter.message(_("Next try {when}.", when=formatter.age(source.next_try))))
    return " ".join(said)
