"""The scripted phone: the same script, walked over real HTTP through either provider."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from core.moment import Clock, SystemClock
from core.simulators.cloud_api import CloudApiSimulator, Template
from core.simulators.twilio import TwilioSimulator
from core.simulators.whatsapp import Script, Transcript, walk
from tests.simulators.cloud_api import business
from tests.simulators.twilio import account
from tests.simulators.whatsapp.little_bot import connected

PEOPLE = "limit 4s\nperson Ana +15550100001 en\nperson Ben 15550100002 es\n"

Make = Callable[[Clock], TwilioSimulator | CloudApiSimulator]


@pytest.fixture(params=[TwilioSimulator, CloudApiSimulator], ids=["twilio", "meta"])
def sim(request: pytest.FixtureRequest) -> Iterator[TwilioSimulator | CloudApiSimulator]:
    make: Make = request.param
    with ExitStack() as stack:
        simulator = make(SystemClock())
        connected(stack, simulator)
        yield simulator
        assert list(simulator.courier.errors) == []


async def walked(sim: TwilioSimulator | CloudApiSimulator, steps: str, limit: str = "4s") -> Transcript:
    return await walk(Script.read(PEOPLE.replace("4s", limit) + steps), sim)


async def test_a_session_that_goes_as_the_script_says(sim: TwilioSimulator | CloudApiSimulator) -> None:
    transcript = await walked(
        sim,
        """
        Ana: menu
            sees "what is it" or "never"
            sees [Order]
        Ana presses [Defect]
            sees "How severe?"
        Ana presses button 2
            sees "severity high"
        Ana sends image fault.jpg "Look at this"
            sees "A picture"
        Ana sends location 36.72,-4.42 "Pier 4"
            sees "A place"
        Ana: report
            sees document *.pdf
        Ana reads
        Ben: quiet
            sees nothing 0.1s
        """,
    )

    assert transcript.failures == ()
    assert str(transcript).splitlines() == [
        "Ana: menu",
        "Ops to Ana: What is it?",
        "    [Defect report]",
        "    [Order status]",
        "Ana presses [Defect report]",
        "Ops to Ana: How severe?",
        "    [Low] [High]",
        "Ana presses [High]",
        "Ops to Ana: A defect of severity high.",
        "Ana: (image: fault.jpg, 22 B)",
        "    Look at this",
        "Ops to Ana: A picture. Thank you.",
        "Ana: (36.72, -4.42) Pier 4",
        "Ops to Ana: A place. Thank you.",
        "Ana: report",
        "Ops to Ana: (document: report.pdf, 8 B)",
        "Ben: quiet",
    ]


@pytest.mark.parametrize(
    ("steps", "failure"),
    [
        ('Ana: menu\nsees "Bonjour"', "!! line 5: “Bonjour” didn’t appear within 0.3 s"),
        ("Ana: menu\nsees template sla_*", "!! line 5: a template sla_* didn’t appear within 0.3 s"),
        ("Ana presses [Status]", "!! line 4: there is no button [Status]"),
        ("Ana: quiet\nAna presses button 3", "!! line 5: there is no button number 3"),
        ("Ana: menu\nsees nothing 9s", "!! line 5: the bot wasn’t silent"),
        ("group Crew -1: Ana\nAna: hi", "!! a business has no groups on WhatsApp"),
    ],
)
async def test_what_is_not_as_the_script_says_is_named(
    sim: TwilioSimulator | CloudApiSimulator, steps: str, failure: str
) -> None:
    transcript = await walked(sim, steps, "0.3s")

    assert [str(each) for each in transcript.failures] == [failure]


async def test_without_a_bot_nothing_is_walked() -> None:
    for make in (TwilioSimulator, CloudApiSimulator):
        transcript = await walk(Script.read(PEOPLE + "Ana: hi"), make(SystemClock()), bot_comes_within=0.05)

        assert str(transcript) == "!! no bot has come"


async def test_a_template_outside_the_window_is_seen(sim: TwilioSimulator | CloudApiSimulator) -> None:
    script = Script.read(PEOPLE + "Ana sees template order_completed")
    sim.people.add(account.ANA, "Ana")
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://simulated.test") as client:
        walking = asyncio.create_task(walk(script, sim))
        await asyncio.sleep(0)
        if isinstance(sim, TwilioSimulator):
            line = account.Line(client, sim)
            sid = await line.create({"twilio/text": {"body": "Order 7 is done."}})
            await line.approve(sid, "order_completed")
            await line.send(ContentSid=sid)
        else:
            sim.add_template(Template("order_completed", "en", "Order 7 is done."))
            await business.Line(client, sim).send(**business.template("order_completed"))
        transcript = await walking

    assert str(transcript).splitlines() == ["Ops to Ana: (template: order_completed)", "    Order 7 is done."]
