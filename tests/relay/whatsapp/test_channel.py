"""WhatsApp as a channel: what becomes of answers and notices, and what is refused here (B4, C2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.areas.relay.store.whatsapp import save_stopped
from core.message import _
from core.notify.channels.failures import (
    DeliveryError,
    FailureClass,
    GoneError,
    TemporaryError,
    UncertainError,
    WindowError,
)
from core.notify.notice import NoticeClass, Recipient
from core.notify.whatsapp_templates import Template
from core.page import Column, Fact, Facts, Gantt, GanttBar, Page, Row, Table
from core.relay.reply import Button, Delivery, Reply
from core.relay.whatsapp.meta.client import META_LIMITS
from core.relay.whatsapp.provider import (
    ButtonsMessage,
    ListMessage,
    MediaMessage,
    Sendable,
    TemplateMessage,
    TextMessage,
)
from core.units import Quantity, Severity, Span, State, Unit
from tests.relay.whatsapp.world import ANN, FakeSends, World, notice, opened, said

GOOD = State(Severity.GOOD, _("GOOD"))
HX = "HX" + "1" * 32


def page(*blocks: Facts | Gantt | Table) -> Page:
    return Page("p", _("Order ORD-1"), GOOD, blocks)


def table(rows: int) -> Table:
    made = tuple(Row(str(each), (f"row {each} " + "x" * 90,)) for each in range(rows))
    return Table("t", _("Rows"), (Column("c", _("Text")),), made, total=rows, unfiltered=rows)


def gantt() -> Gantt:
    start = datetime(2026, 11, 20, tzinfo=UTC)
    bar = GanttBar("1", "press", start, start + timedelta(hours=8), GOOD)
    return Gantt("g", _("Schedule"), start, start + timedelta(days=1), (bar,))


async def send(world: World, reply: Reply, **more: object) -> list[Sendable]:
    await world.channel(**more).send(said(reply))  # type: ignore[arg-type]
    return [message for _user, message in world.sends.sent]


async def test_three_options_are_buttons_and_numbered_in_the_text(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        reply = await world.answered("Low", "Medium", "High", question="severity")
        (message,) = await send(world, reply)
        assert isinstance(message, ButtonsMessage)
        assert [each.title for each in message.options] == ["Low", "Medium", "High"]
        assert message.text == "Which?\n\n1. Low\n2. Medium\n3. High"
        assert [each.data for each in message.options] == [row[0].handle for row in reply.buttons]


async def test_d2_six_workflows_are_a_list(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        (message,) = await send(world, await world.answered(*"abcdef"))
        assert isinstance(message, ListMessage)
        assert [each.title for each in message.options] == ["1. a", "2. b", "3. c", "4. d", "5. e", "6. f"]
        assert 0 < len(message.button) <= 20


async def test_more_than_ten_rows_are_nine_and_the_way_to_the_rest(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        (message,) = await send(world, await world.answered(*(f"choice {each}" for each in range(14))))
        assert isinstance(message, ListMessage)
        assert len(message.options) == 10
        assert message.options[-1].data == "more"
        assert message.text.endswith("10. More …")


async def test_long_labels_are_cut_and_stand_below_in_full(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        labels = ("The hydraulic press at the far end of hall two", "b", "c", "d")
        (message,) = await send(world, await world.answered(*labels))
        assert isinstance(message, ListMessage)
        assert len(message.options[0].title) == 24
        assert message.options[0].description == labels[0]
        assert message.options[1].description == ""


async def test_buttons_that_would_look_alike_have_numbers(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        alike = ("The hydraulic press, left", "The hydraulic press, right")
        (message,) = await send(world, await world.answered(*alike))
        assert isinstance(message, ButtonsMessage)
        assert len({each.title for each in message.options}) == 2
        assert all(len(each.title) <= 20 for each in message.options)


async def test_where_a_value_is_asked_for_nothing_is_numbered(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        (message,) = await send(world, await world.answered("Skip", "Cancel", question="quantity"))
        assert isinstance(message, ButtonsMessage)
        assert message.text == "Which?"


async def test_a_long_text_goes_first_and_the_options_after_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        reply = await world.answered("Yes", "No", text=_("{text}", text="word " * 240))
        first, last = await send(world, reply)
        assert isinstance(first, TextMessage)
        assert len(first.text) > 1_024
        assert isinstance(last, ButtonsMessage)
        assert last.text == "1. Yes\n2. No"


@pytest.mark.parametrize(("limits", "longest"), [(FakeSends().limits, 1_600), (META_LIMITS, 4_096)])
async def test_long_answers_are_split_at_the_ends_of_lines(
    tmp_path: Path, limits: object, longest: int
) -> None:
    async with opened(tmp_path) as world:
        world.sends.limits = limits  # type: ignore[assignment]
        lines = [f"line {number} 🙂" for number in range(longest // 8)]
        reply = Reply(
            "r", ANN, text=None, page=page(Facts("f", _("F"), tuple(Fact(_("a"), e) for e in lines)))
        )
        sent = await send(world, reply)
        texts = [each.text for each in sent if isinstance(each, TextMessage)]
        assert len(texts) > 1
        assert all(len(each.encode("utf-16-le")) // 2 <= longest for each in texts)
        assert all(line.endswith("🙂") for each in texts[1:] for line in each.splitlines())


async def test_the_row_has_the_id_of_the_message_with_the_buttons(tmp_path: Path) -> None:
    async def publish(content: bytes, content_type: str, name: str) -> str:
        return "https://ops.example.test/m/x"

    async with opened(tmp_path) as world:
        reply = replace(await world.answered("Yes", "No"), page=page(gantt()))
        receipt = await world.channel(publish=publish).send(said(reply))
        kinds = [type(message) for _user, message in world.sends.sent]
        assert kinds == [ButtonsMessage, MediaMessage]
        assert (receipt.provider_id, receipt.messages) == ("SM1", 2)


async def test_a_picture_is_published_and_sent_by_its_address(tmp_path: Path) -> None:
    published: list[tuple[bytes, str, str]] = []

    async def publish(content: bytes, content_type: str, name: str) -> str:
        published.append((content, content_type, name))
        return "https://ops.example.test/m/unguessable"

    async with opened(tmp_path) as world:
        _text, picture = await send(world, Reply("r", ANN, page=page(gantt())), publish=publish)
        assert isinstance(picture, MediaMessage)
        assert picture.url.endswith("/unguessable")
        assert "Schedule" in picture.caption
        ((content, content_type, _name),) = published
        assert (content[:4], content_type) == (b"\x89PNG", "image/png")


async def test_without_a_place_for_pictures_they_are_said_in_figures(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        (text,) = await send(world, Reply("r", ANN, page=page(gantt())))
        assert isinstance(text, TextMessage)
        assert "press" in text.text


async def test_a_file_that_whatsapp_does_not_take_is_a_link(tmp_path: Path) -> None:
    async def publish(content: bytes, content_type: str, name: str) -> str:
        return f"https://ops.example.test/m/{content_type}"

    async with opened(tmp_path) as world:
        reply = Reply("r", ANN, page=page(table(3)), delivery=Delivery.DOCUMENT, format="csv")
        (message,) = await send(world, reply, publish=publish)
        assert isinstance(message, TextMessage)
        assert message.text.endswith("https://ops.example.test/m/text/csv")
        world.sends.limits = META_LIMITS
        world.sends.sent.clear()
        (message,) = await send(world, replace(reply, format="text"), publish=publish)
        assert isinstance(message, MediaMessage)


async def test_a_page_too_long_for_a_chat_is_its_beginning(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        (text,) = await send(world, Reply("r", ANN, page=page(table(400))))
        assert isinstance(text, TextMessage)
        assert len(text.text) <= 1_600
        assert "console" in text.text


async def test_arabic_lines_run_from_the_right(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        reply = await world.answered("نعم", "لا")
        await world.channel().send(said(reply, language="ar"))
        ((_user, message),) = world.sends.sent
        assert isinstance(message, ButtonsMessage)
        assert all(line.startswith("\u200f") for line in message.text.splitlines() if line)


async def test_plain_has_neither_marks_nor_buttons(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        reply = replace(
            await world.answered("Yes", "No"), page=page(Facts("f", _("F"), (Fact(_("a"), "b"),)))
        )
        await world.channel().send(said(reply, plain=True))
        ((_user, message),) = world.sends.sent
        assert isinstance(message, TextMessage)
        assert "*" not in message.text
        assert message.text.endswith("1. Yes\n2. No")


async def test_a_notice_in_the_window_is_free_text(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.channel().send(notice())
        ((user, message),) = world.sends.sent
        assert user == ANN
        assert isinstance(message, TextMessage)
        assert "*MNT-2026-0001 is due in 3.5 hours*" in message.text
        assert "_It is yours._" in message.text


async def test_a_notice_that_may_have_arrived_before_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.channel().send(replace(notice(), possible_repeat=True))
        ((_user, message),) = world.sends.sent
        assert isinstance(message, TextMessage)
        assert "possible repeat" in message.text


async def test_d10_outside_the_window_free_text_is_refused_here_and_says_since_when(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote=False) as world:
        await world.wrote(ago=timedelta(hours=27, minutes=30))
        with pytest.raises(WindowError) as refused:
            await world.channel().send(notice())
        assert refused.value.failure is FailureClass.WINDOW
        said_of_it = dict(refused.value.message.arguments)
        assert said_of_it["length"] == Span(timedelta(hours=3, minutes=30))
        assert ANN not in str(refused.value.message)
        assert "…001" in str(refused.value.message)
        assert world.sends.sent == []


async def test_the_window_is_open_to_its_last_second(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote=False) as world:
        await world.wrote(ago=timedelta(hours=23, minutes=59, seconds=59))
        await world.channel().send(notice())
        world.clock.advance(1)
        with pytest.raises(WindowError):
            await world.channel().send(notice())


async def test_who_never_wrote_gets_no_free_text(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote=False) as world:
        with pytest.raises(WindowError):
            await world.channel().send(notice())


async def test_outside_the_window_a_notice_goes_by_its_template(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote=False) as world:
        await world.channel(templates={"plant.sla.warned": Template(HX)}).send(notice())
        ((_user, message),) = world.sends.sent
        assert message == TemplateMessage(
            HX, "en", ("MNT-2026-0001 is due in 3.5 hours", "Machine MACH-001.")
        )


async def test_an_answer_never_goes_by_a_template(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote=False) as world:
        with pytest.raises(WindowError):
            await world.channel(templates={"*": Template(HX)}).send(said(Reply("r", ANN, text=_("Hello."))))


@pytest.mark.parametrize(
    ("template", "reader", "code", "written"),
    [
        (Template("late", "en"), "es", "en", "12.5 % is left"),
        (Template("late", "en_US"), "fr", "en_US", "12.5 % is left"),
        (Template("late", "pt_BR"), "pt-BR", "pt_BR", "12,5% is left"),
        (Template("late", "pt_BR"), "en", "pt_BR", "12,5% is left"),
        (Template("late", "de"), "pt", "de", "12,5% is left"),  # none of ours: that of the reader
        (Template(HX), "pt", "pt", "12,5% is left"),
        (Template(HX), "", "en", "12.5 % is left"),
    ],
)
async def test_the_variables_are_written_in_the_language_of_their_template(
    tmp_path: Path, template: Template, reader: str, code: str, written: str
) -> None:
    async with opened(tmp_path, wrote=False) as world:
        title = _("{share} is left", share=Quantity(12.5, Unit.PERCENT))
        subject = notice(title=title, recipient=Recipient("ann", "whatsapp", ANN, reader))
        await world.channel(templates={"*": template}).send(subject)
        ((_user, message),) = world.sends.sent
        assert message == TemplateMessage(template.name, code, (written, "Machine MACH-001."))


async def test_who_stopped_is_told_nothing_but_answered(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        async with world.store.writing() as transaction:
            await save_stopped(transaction, "whatsapp:15550100000", ANN, stopped=True)
        with pytest.raises(GoneError):
            await world.channel(templates={"*": Template(HX)}).send(notice(cls=NoticeClass.CRITICAL))
        await world.channel().send(said(Reply("r", ANN, text=_("Hello."))))
        assert len(world.sends.sent) == 1


async def test_notices_can_be_switched_off(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        with pytest.raises(WindowError):
            await world.channel(notices=False).send(notice())
        await world.channel(notices=False).send(said(Reply("r", ANN, text=_("Hello."))))


async def test_what_fails_at_its_beginning_fails_as_that(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        world.sends.refusals = [TemporaryError(_("Down."))]
        with pytest.raises(TemporaryError):
            await world.channel().send(notice())


async def test_what_fails_midway_is_not_sent_again_from_its_beginning(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        world.sends.refusals = [None, TemporaryError(_("Down."))]
        reply = await world.answered("Yes", "No", text=_("{text}", text="word " * 240))
        with pytest.raises(UncertainError):
            await world.channel().send(said(reply))


async def test_every_failure_is_one_that_the_outbox_knows(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote=False) as world:
        with pytest.raises(DeliveryError):
            await world.channel().send(said(Reply("r", ANN, buttons=((Button("x", "y"),),))))
