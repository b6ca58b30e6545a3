"""Looking at incidents, their figures and post-mortems."""

from __future__ import annotations

from core.area import Read, Request, Verb
from core.areas.incidents.commands.parameters import words
from core.command import Command, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

__all__ = ["READS"]

_WHICH = Parameter(
    "id",
    _("Which incident? Its id or number; none is the one whose clock runs out next."),
    TextType(longest=20),
    source="incident",
)


async def _incidents(request: Request) -> Page:
    from core.areas.incidents.pages.incidents import incidents_page

    return await incidents_page(request)


async def _incident(request: Request) -> Page:
    from core.areas.incidents.pages.incident import incident_page

    return await incident_page(request)


async def _figures(request: Request) -> Page:
    from core.areas.incidents.pages.figures import figures_page

    return await figures_page(request)


async def _postmortem(request: Request) -> Page:
    from core.areas.incidents.pages.postmortem import postmortem_page

    return await postmortem_page(request)


READS = (
    Verb(
        Command(
            "incidents",
            _("Open incidents by the next clock to run out, and those that are over"),
            (
                Parameter(
                    "show",
                    _("Which of those that are over?"),
                    words(("lately", _("the last 14 days")), ("all", _("all there were"))),
                    default="lately",
                ),
            ),
            role=Role.OPERATOR,
        ),
        Read(_incidents),
    ),
    Verb(
        Command(
            "incidents figures",
            _("How fast incidents are acknowledged and resolved, and promises kept"),
            (
                Parameter(
                    "days",
                    _("Over which time?"),
                    words(("30", _("30 days")), ("90", _("90 days"))),
                    default="30",
                ),
            ),
            role=Role.OPERATOR,
        ),
        Read(_figures),
    ),
    Verb(
        Command(
            "incident",
            _("One incident: facts, clocks, timeline, and what happened around it"),
            (_WHICH,),
            role=Role.OPERATOR,
        ),
        Read(_incident),
    ),
    Verb(
        Command(
            "incident postmortem",
            _("An incident’s post-mortem, filled in with what is known"),
            (_WHICH,),
            role=Role.OPERATOR,
        ),
        Read(_postmortem),
    ),
)
