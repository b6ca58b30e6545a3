"""The first run: the welcome screen, a source set up with a live test, and the demo."""

from __future__ import annotations

from console.screens.form import FormScreen
from console.screens.welcome import DEMO, WelcomeScreen

from .conftest import MakeApp
from .fake_backend import FakeBackend
from .screen import screen_text, text_of


async def test_nothing_set_up_opens_the_welcome_screen_and_demo_is_the_answer(
    make_app: MakeApp, backend: FakeBackend
) -> None:
    backend.is_configured = False
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.1)
        assert isinstance(app.screen, WelcomeScreen)
        assert "Connect Plume" in screen_text(app.screen)
        await pilot.press("down", "enter")
        await pilot.pause()
    assert app.return_value == DEMO


async def test_credentials_can_be_corrected_until_they_work(make_app: MakeApp, backend: FakeBackend) -> None:
    backend.is_configured = False
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause(0.1)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*"acme", "tab", *"wrong", "enter")
        await pilot.pause(0.1)
        assert isinstance(app.screen, FormScreen)
        text = screen_text(app.screen)
        assert "Plume did not accept this token." in text
        assert "wrong" not in text
        for _letter in "wrong":
            await pilot.press("backspace")
        await pilot.press(*"right", "enter")
        await pilot.pause(0.1)
        assert "Overview · Harbour Office" in await text_of(pilot)
    tried = [each.arguments["token"] for each in backend.invocations if each.command == "setup plume"]
    assert tried == ["wrong", "right"]
