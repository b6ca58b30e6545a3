"""The channels, each against what stands in for its other side."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook

from core.errors import SettingsError
from core.message import _
from core.moment import FrozenClock, SystemClock
from core.notify.channels.channel import Outgoing
from core.notify.channels.configured import configured_channels
from core.notify.channels.email import EmailChannel, MailServer
from core.notify.channels.failures import (
    CredentialsError,
    DeliveryError,
    FormatError,
    GoneError,
    TemporaryError,
    ThrottledError,
    UncertainError,
)
from core.notify.channels.file import FileChannel
from core.notify.channels.webhook import WebhookChannel
from core.notify.notice import NoticeClass, Recipient, Wording
from core.notify.settings import NotifySettings
from core.simulators.smtp import MailServerSimulator, Refusal
from core.simulators.webhook import Behaviour, WebhookReceiver
from core.units import Severity
from tests.reliability.delivery.kit import SECRET, webhooks

OTHER_SECRET = "whsec_YW5vdGhlci1ub3QtYS1yZWFsLXNlY3JldC1hdC1hbGw="


def outgoing(address: str = "ann", *, title: str = "Down\x1b[2J", repeat: bool = False) -> Outgoing:
    return Outgoing(
        id=7,
        key="event7|ann|webhook",
        cls=NoticeClass.CRITICAL,
        kind="toy.broke",
        area="toy",
        subject="pod:1",
        sequence=1,
        severity=Severity.CRITICAL,
        recipient=Recipient("ann", "webhook", address),
        wording=Wording(_("{words}", words=title), (_("First line"),), _("You asked for it.")),
        created=datetime(2026, 5, 4, 12, tzinfo=UTC),
        possible_repeat=repeat,
        plain=False,
        covers=("event7",),
    )


async def test_a_webhook_is_verified_by_the_standard_library_with_either_secret() -> None:
    clock = SystemClock()
    receiver = WebhookReceiver(clock)
    transport = httpx.ASGITransport(app=receiver.app)
    channel = WebhookChannel(
        {"ann": "https://hooks.test/ann"}, [SECRET, OTHER_SECRET], clock, transport=transport
    )

    await channel.send(outgoing())
    await channel.send(outgoing(repeat=True))

    first, second = receiver.arrivals
    for secret in (SECRET, OTHER_SECRET):
        content = Webhook(secret).verify(first.body, first.headers)
        assert content["type"] == "toy.broke"
        assert content["data"]["title"] == "Down�[2J"
    assert first.number == second.number
    assert second.data["title"].startswith("(possible repeat)")
    with pytest.raises(Exception, match="signature"):
        Webhook(SECRET).verify(first.body + b" ", first.headers)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (500, TemporaryError),
        ("html", TemporaryError),
        (302, TemporaryError),
        (404, TemporaryError),
        (409, TemporaryError),
        ((429, 7.0), ThrottledError),
        ((503, 7.0), ThrottledError),
        (429, ThrottledError),
        (400, FormatError),
        (413, FormatError),
        (401, CredentialsError),
        (403, CredentialsError),
        (410, GoneError),
        ("accept-then-drop", UncertainError),
    ],
)
async def test_each_answer_to_a_webhook_has_its_class(answer: Behaviour, error: type[DeliveryError]) -> None:
    clock = FrozenClock(datetime(2026, 5, 4, 12, tzinfo=UTC))
    receiver = WebhookReceiver(clock)
    receiver.expect("/ann", [answer])

    with pytest.raises(error) as caught:
        await webhooks(receiver, clock).send(outgoing())

    if isinstance(caught.value, ThrottledError):
        assert caught.value.wait == (7.0 if isinstance(answer, tuple) else 60.0)


async def test_a_webhook_that_can_not_be_reached_was_not_sent() -> None:
    def refuse(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    channel = WebhookChannel(
        {"ann": "https://hooks.test/ann"}, [SECRET], SystemClock(), transport=httpx.MockTransport(refuse)
    )

    with pytest.raises(TemporaryError):
        await channel.send(outgoing())
    with pytest.raises(GoneError):
        await channel.send(outgoing("nobody"))


@pytest.mark.parametrize(
    ("targets", "secrets"),
    [
        ({"a": "http://hooks.example/a"}, [SECRET]),
        ({"a": "https://user:pass@hooks.example/a"}, [SECRET]),
        ({"a": "https://hooks.example/a"}, []),
        ({"a": "https://hooks.example/a"}, ["whsec_"]),
    ],
    ids=["no TLS", "a password in the address", "no secret", "an empty secret"],
)
def test_webhooks_that_would_be_unsafe_are_refused(targets: dict[str, str], secrets: list[str]) -> None:
    with pytest.raises(SettingsError):
        WebhookChannel(targets, secrets, SystemClock())


def mail_channel(server: MailServerSimulator, **more: str) -> EmailChannel:
    settings = {"sender": "opsdeck@ops.example", "user": "", "password": ""} | more
    return EmailChannel(
        MailServer("127.0.0.1", server.port, "none", **settings),
        FrozenClock(datetime(2026, 5, 4, 12, tzinfo=UTC)),
    )


async def test_a_mail_arrives_whole_and_a_repeat_has_the_same_id() -> None:
    async with MailServerSimulator(user="ops", password="not-a-real-password") as server:
        channel = mail_channel(server, user="ops", password="not-a-real-password")
        await channel.send(outgoing("ann@ops.example", title="Über 5 pods\r\nBcc: x@y.example"))
        await channel.send(outgoing("ann@ops.example", title="Down", repeat=True))

    first, second = (message_from_bytes(mail.content, policy=default) for mail in server.mails)
    assert first["Subject"] == "Über 5 pods Bcc: x@y.example"
    assert first["Bcc"] is None
    assert first["To"] == "ann@ops.example"
    assert "First line" in first.get_content()
    assert first["Message-ID"] == second["Message-ID"]
    assert second["Subject"] == "(possible repeat) Down"
    assert server.mails[0].recipient == "ann@ops.example"


@pytest.mark.parametrize(
    ("refusal", "error", "own"),
    [
        (Refusal("connect", "421 busy"), TemporaryError, False),
        (Refusal("connect"), TemporaryError, False),
        (Refusal("mail", "451 later"), TemporaryError, True),
        (Refusal("rcpt", "450 greylisted"), TemporaryError, True),
        (Refusal("rcpt", "550 5.1.1 no such user"), GoneError, None),
        (Refusal("rcpt"), TemporaryError, False),
        (Refusal("mail", "553 sender refused"), CredentialsError, None),
        (Refusal("end", "554 looks like spam"), FormatError, None),
        (Refusal("end", "452 full"), TemporaryError, True),
        (Refusal("end"), UncertainError, None),
    ],
    ids=lambda value: f"{value.stage} {value.reply or 'breaks'}" if isinstance(value, Refusal) else "",
)
async def test_each_refusal_of_a_mail_has_its_class(
    refusal: Refusal, error: type[DeliveryError], own: bool | None
) -> None:
    async with MailServerSimulator() as server:
        server.refuse(refusal)
        with pytest.raises(error) as caught:
            await mail_channel(server).send(outgoing("ann@ops.example"))

    if isinstance(caught.value, TemporaryError):
        assert caught.value.own is own


async def test_wrong_credentials_and_addresses_that_are_none() -> None:
    async with MailServerSimulator(user="ops", password="not-a-real-password") as server:
        with pytest.raises(CredentialsError):
            await mail_channel(server, user="ops", password="wrong").send(outgoing("ann@ops.example"))
        with pytest.raises(GoneError):
            await mail_channel(server).send(outgoing("ann"))
    with pytest.raises(TemporaryError):
        await mail_channel(server).send(outgoing("ann@ops.example"))


def test_a_password_never_goes_out_unprotected() -> None:
    server = MailServer("mail.example", 25, "none", "opsdeck@ops.example", "ops", "not-a-real-password")

    with pytest.raises(SettingsError):
        EmailChannel(server, SystemClock())
    assert "not-a-real-password" not in repr(server)


async def test_the_file_gets_one_line_a_notice_that_only_its_owner_may_read(tmp_path: Path) -> None:
    path = tmp_path / "notices.jsonl"
    channel = FileChannel(path, FrozenClock(datetime(2026, 5, 4, 12, tzinfo=UTC)))

    await channel.send(outgoing(title='x\n{"level": "INFO"}'))
    await channel.send(outgoing(repeat=True))

    first, second = map(json.loads, path.read_text().splitlines())
    assert first["title"] == 'x {"level": "INFO"}'
    assert (first["id"], second["possible_repeat"]) == (second["id"], True)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(TemporaryError):
        await FileChannel(tmp_path, SystemClock()).send(outgoing())


def test_only_what_is_set_up_is_a_channel(tmp_path: Path) -> None:
    nothing = configured_channels(NotifySettings(), SystemClock())
    everything = configured_channels(
        NotifySettings(
            OPSDECK_NOTIFY_FILE=str(tmp_path / "notices.jsonl"),
            OPSDECK_WEBHOOKS='{"pager": "https://hooks.example/x"}',
            OPSDECK_WEBHOOK_SECRETS=SECRET,
            OPSDECK_SMTP_HOST="mail.example",
            OPSDECK_MAIL_FROM="opsdeck@ops.example",
        ),  # type: ignore[call-arg]
        SystemClock(),
    )

    assert [each.name for each in nothing] == ["console"]
    assert [each.name for each in everything] == ["console", "file", "webhook", "email"]
