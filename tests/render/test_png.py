"""Charts and plans as pictures: of the right size, not blank, the same each time, gaps and all."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from gettext import NullTranslations
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from core.message import Language, _
from core.page import Chart, ChartSeries, Gantt, GanttBar
from core.render.png import LARGEST_BYTES, LARGEST_SIDES, png_of
from core.render.png_style import DARK, LIGHT, PictureStyle
from core.render.values import Formatter
from core.units import Severity, State

from .sample import CORPUS, NOW, START, STEP, chart, formatter, points

Colour = tuple[int, int, int]


def colour(written: str) -> Colour:
    red, green, blue = bytes.fromhex(written.removeprefix("#"))
    return red, green, blue


def drawn(
    figure: Chart | Gantt, style: PictureStyle = LIGHT, *, write: Formatter | None = None
) -> Image.Image:
    content = png_of(figure, write or formatter("Africa/Nairobi"), style)
    image = Image.open(BytesIO(content))
    assert image.format == "PNG"
    assert sum(image.size) <= LARGEST_SIDES
    assert len(content) <= LARGEST_BYTES
    return image.convert("RGB")


def columns_of(image: Image.Image, wanted: str) -> list[int]:
    """The columns of pixels that have this colour somewhere."""
    red, green, blue = colour(wanted)
    pixels = image.load()
    assert pixels is not None
    return [
        x
        for x in range(image.width)
        if any(pixels[x, y] == (red, green, blue) for y in range(100, image.height - 90))
    ]


def plan(count: int) -> Gantt:
    bars = tuple(
        GanttBar(
            str(number),
            f"Episode {number}",
            START + timedelta(hours=number % 20),
            START + timedelta(hours=number % 20 + 3),
            State(list(Severity)[number % 7], _("planned")),
        )
        for number in range(count)
    )
    return Gantt("plan", _("Plan of the week"), START, START + timedelta(hours=24), bars)


@pytest.mark.parametrize("style", [LIGHT, DARK], ids=["light", "dark"])
def test_a_chart_has_a_phone_s_size_and_every_line_in_its_colour(style: PictureStyle) -> None:
    image = drawn(chart(), style)
    assert image.size == (1_080, 720)
    assert image.getpixel((2, 2)) == colour(style.background)
    for wanted in (*style.lines[:2], style.severities[Severity.WARNING]):
        assert len(columns_of(image, wanted)) > 100, wanted


def test_a_gap_stays_a_gap() -> None:
    values: list[float | None] = [20.0] * 24
    values[8:16] = [None] * 8
    image = drawn(chart(series=(ChartSeries("Downstream", points(values)),), thresholds=()))
    found = columns_of(image, LIGHT.lines[0])
    widest = max(after - before for before, after in pairwise(found))
    assert 0.3 < widest / image.width < 0.42


def test_a_value_between_two_gaps_is_a_dot() -> None:
    values: list[float | None] = [None] * 24
    values[12] = 20.0
    image = drawn(chart(series=(ChartSeries("Downstream", points(values)),), thresholds=()))
    assert 3 <= len(columns_of(image, LIGHT.lines[0])) <= 12


def test_bars_stand_on_zero_beside_each_other() -> None:
    two = (
        ChartSeries("in", points([20.0] * 6, step=4 * STEP)),
        ChartSeries("out", points([10.0] * 6, step=4 * STEP)),
    )
    image = drawn(chart(series=two, step=4 * STEP, bars=True, thresholds=()))
    first, second = columns_of(image, LIGHT.lines[0]), columns_of(image, LIGHT.lines[1])
    assert not set(first) & set(second)
    assert len(first) == pytest.approx(len(second), abs=12)


@pytest.mark.parametrize("count", [1, 8, 100])
def test_a_plan_has_a_row_for_each_bar_and_an_end(count: int) -> None:
    image = drawn(plan(count), DARK)
    assert image.width == 1_080
    assert len(columns_of(image, DARK.severities[Severity.IDLE])) > 50
    assert len(columns_of(image, DARK.severities[Severity.CRITICAL])) > 0


@pytest.mark.parametrize("figure", [chart(), chart(bars=True), plan(3)], ids=["lines", "bars", "plan"])
def test_the_same_input_is_the_same_bytes(figure: Chart | Gantt) -> None:
    assert png_of(figure, formatter()) == png_of(figure, formatter())


@pytest.mark.parametrize(
    "empty", [chart(series=()), chart(end=START), plan(0)], ids=["nothing", "no time", "no bar"]
)
def test_nothing_to_draw_is_refused(empty: Chart | Gantt) -> None:
    with pytest.raises(ValueError, match="can't be drawn"):
        png_of(empty, formatter())


def test_arabic_is_drawn_from_the_right_with_its_own_letters() -> None:
    arabic = Formatter(Language("ar", NullTranslations()), ZoneInfo("UTC"), NOW, local=True)
    named = chart(
        title=_("شبكة المكتب"), series=(ChartSeries("تنزيل", points([5.0] * 24)), ChartSeries("رفع", ()))
    )
    image = drawn(named, write=arabic)
    title = image.crop((0, 0, image.width, 60))
    background = Image.new("RGB", title.size, colour(LIGHT.background))
    differing = [
        x
        for x in range(title.width)
        if title.crop((x, 0, x + 1, 60)).tobytes() != background.crop((x, 0, x + 1, 60)).tobytes()
    ]
    assert min(differing) > image.width / 2


@pytest.mark.parametrize("foreign", ["$x^2$ \\frac{1}{2}", "_no_", "<b>", *CORPUS[-12:]], ids=ascii)
def test_a_foreign_name_is_only_a_name(foreign: str) -> None:
    """Matplotlib would read a formula between two dollar signs, and hide names that begin with a low line."""
    two = (ChartSeries(foreign, points([5.0] * 24)), ChartSeries("other", points([3.0] * 24)))
    assert len(columns_of(drawn(chart(series=two)), LIGHT.lines[0])) > 100


def test_drawing_leaves_no_settings_behind_and_loads_no_window() -> None:
    script = (
        "import sys, matplotlib\n"
        "kept = [key for key in matplotlib.rcParams if key != 'backend']\n"
        "settings = lambda: [matplotlib.rcParams[key] for key in kept]\n"
        "before = settings()\n"
        "from core.render.png import png_of\n"
        "from tests.render.sample import chart, formatter\n"
        "png_of(chart(), formatter())\n"
        "assert settings() == before\n"
        "print([name for name in ('matplotlib.pyplot', 'tkinter') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "[]", ran.stderr
