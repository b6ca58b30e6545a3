"""Every code of whatsapp.md B3 and C3 has a class, and it is the one that the contract asks for."""

from __future__ import annotations

import pytest

from core.relay.whatsapp.failing import Cause
from core.relay.whatsapp.meta import errors as meta
from core.relay.whatsapp.meta.webhook import MetaWebhook
from core.relay.whatsapp.twilio import errors as twilio
from core.relay.whatsapp.twilio.signature import TwilioKeys
from core.relay.whatsapp.twilio.webhook import TwilioWebhook
from core.secret import Secret

_AUTH = {Cause.ACCOUNT}
_LATER = {Cause.WAIT, Cause.WAIT_ALL, Cause.RETRY}
_NEVER = {Cause.REFUSED, Cause.STOPPED, Cause.ACCOUNT}
_TEMPLATE = {Cause.WINDOW}
_GONE = {Cause.STOPPED}

_B3 = [
    (20003, _AUTH),
    (20404, _AUTH),
    (20429, _LATER),
    (14107, _LATER),
    (21201, _GONE),
    (21211, _GONE),
    (21603, _AUTH),
    (21606, _AUTH),
    (21712, _AUTH),
    (21610, _GONE),
    (21611, _LATER),
    (21617, _NEVER),
    (21658, _NEVER),
    (30001, _LATER),
    (30007, _NEVER),
    (30036, _LATER),
    (35115, _NEVER),
    (63005, _NEVER),
    (63007, _AUTH),
    (63014, _GONE),
    (63016, _TEMPLATE),
    (63017, _LATER),
    (63018, _LATER),
    (63021, _NEVER),
    (63030, _NEVER),
    (63038, _LATER),
]
"""But 57012 and 63052, which answer no message: a signature that we refused, and a debugger's warning."""

_C3 = [
    *((code, _AUTH) for code in (0, 190)),
    *((code, _NEVER) for code in (3, 10, *range(200, 300))),
    *((code, _LATER) for code in (4, 80007, 130429, 131056)),
    *((code, _NEVER) for code in (131048, 131026, 131051, 131053, 131008, 131009, 131021, 131030, 131050)),
    (131047, _TEMPLATE),
    (131052, _LATER),
    *((code, _TEMPLATE) for code in (131049, 130472)),  # nothing for 24 hours: another way, at once
    *((code, _NEVER) for code in (132000, 132001, 132005, 132007, 132012, 132015, 132016)),
    *((code, _LATER) for code in (131000, 131016)),
    *((code, _NEVER) for code in (368, 131031)),
]


@pytest.mark.parametrize(("code", "asked"), _B3)
def test_b3_each_of_twilios_codes_has_its_class(code: int, asked: set[Cause]) -> None:
    assert twilio.CAUSES[code] in asked


@pytest.mark.parametrize(("code", "asked"), _C3)
def test_c3_each_of_metas_codes_has_its_class(code: int, asked: set[Cause]) -> None:
    assert meta.CAUSES[code] in asked


def test_no_code_has_a_class_that_the_contract_does_not_name() -> None:
    assert set(twilio.CAUSES) == {code for code, _asked in _B3}
    assert set(meta.CAUSES) == {code for code, _asked in _C3}


def test_only_the_code_for_a_closed_window_closes_ours() -> None:
    receives = TwilioWebhook(TwilioKeys([Secret("fake-token-000")], []))
    assert [code for code, _asked in _B3 if receives.closes_window(str(code))] == [63016]
    cloud = MetaWebhook([Secret("fake-app-secret")], Secret("fake-verify"), "")
    assert [code for code, _asked in _C3 if cloud.closes_window(str(code))] == [131047]
