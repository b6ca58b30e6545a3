"""`opsdeck simulate whatsapp`, as another program meets it."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import socket
from pathlib import Path

import httpx
import pytest

from console.exits import Exit
from console.simulate import run_simulator
from core.moment import SystemClock
from core.simulators.cloud_api import CloudApiSimulator
from core.simulators.server import LoopbackServer
from core.simulators.twilio import TwilioSimulator
from tests.simulators.whatsapp.little_bot import LittleBot

SCRIPT = """\
title Hello
limit 5s
person Ana 15550100001
Ana: menu
    sees "What is it?" or "$GREETING"
Ana presses [Defect]
    sees "How severe?"
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def walked(script: Path, provider: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How a run with that script ends while the little bot is there."""
    monkeypatch.setenv("GREETING", "Salut")
    port = free_port()
    # The same seed makes the same credentials, which is all that the bot needs of a simulator.
    twin = (TwilioSimulator if provider == "twilio" else CloudApiSimulator)(SystemClock())
    bot = LittleBot(twin, f"http://127.0.0.1:{port}")
    with LoopbackServer(bot.app) as server:
        bot.addressed = server.url
        options = argparse.Namespace(
            system="whatsapp",
            provider=provider,
            webhook=f"{server.url}/hook",
            script=str(script),
            port=port,
        )
        return await asyncio.to_thread(run_simulator, options)


@pytest.mark.parametrize("provider", ["twilio", "meta"])
async def test_a_script_that_passes_prints_the_settings_and_the_transcript(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], provider: str
) -> None:
    script = tmp_path / "hello.script"
    script.write_text(SCRIPT, encoding="utf-8")

    assert await walked(script, provider, monkeypatch) == Exit.DONE

    out = capsys.readouterr().out
    settings = dict(re.findall(r"^export (\w+)=(.+)$", out, re.MULTILINE))
    assert settings["WHATSAPP_PROVIDER"] == provider
    assert settings["WHATSAPP_WEBHOOK_URL"].endswith("/hook")
    assert json.loads(settings["WHATSAPP_TEMPLATES"].strip("'"))["*"]
    names = {
        "twilio": {
            "TWILIO_ACCOUNT_SID",
            "TWILIO_AUTH_TOKEN",
            "TWILIO_WHATSAPP_NUMBER",
            "TWILIO_CONTENT_BASE",
        },
        "meta": {"WHATSAPP_BUSINESS_PHONE_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"},
    }
    assert names[provider] <= settings.keys()
    assert out.splitlines()[-8:] == [
        "# Hello",
        "Ana: menu",
        "Ops to Ana: What is it?",
        "    [Defect report]",
        "    [Order status]",
        "Ana presses [Defect report]",
        "Ops to Ana: How severe?",
        "    [Low] [High]",
    ]


async def test_a_script_that_fails_says_where_and_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "hello.script"
    script.write_text(SCRIPT.replace("How severe", "How much").replace("5s", "1.5s"), encoding="utf-8")

    assert await walked(script, "twilio", monkeypatch) == Exit.FAILED

    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "!! line 7: “How much?” didn’t appear within 1.5 s"
    assert "One thing wasn’t as the script says." in err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("whatsapp", "--script", "nowhere.script"), "The script nowhere.script can’t be read"),
        (("telegram", "--provider", "meta"), "for simulate whatsapp only"),
        (("plume", "--webhook", "http://127.0.0.1:9/"), "for simulate whatsapp only"),
    ],
)
def test_what_can_not_be_done_is_said(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from console.cli import main

    assert main(["simulate", *arguments]) == Exit.USAGE
    assert complaint in capsys.readouterr().err


def test_the_settings_that_are_printed_let_a_client_in(capsys: pytest.CaptureFixture[str]) -> None:
    from console.served import PROVIDERS, ServedWhatsApp

    served = PROVIDERS["twilio"].make(SystemClock(), 7, "contract")
    assert isinstance(served, ServedWhatsApp)
    with LoopbackServer(served.simulator.app) as server:
        settings = served.settings([server.url])
        auth = (settings["TWILIO_ACCOUNT_SID"], settings["TWILIO_AUTH_TOKEN"])
        sid = json.loads(settings["WHATSAPP_TEMPLATES"].strip("'"))["*"]
        url = f"{settings['TWILIO_CONTENT_BASE']}v1/Content/{sid}/ApprovalRequests"
        found = httpx.get(url, auth=auth, trust_env=False).json()

    assert found["whatsapp"]["status"] == "approved"


def test_the_providers_offered_are_those_that_there_are() -> None:
    from console import parser, served

    assert tuple(served.PROVIDERS) == parser.PROVIDERS
