"""What keeps machines out of the public's forms, and how people are told of it."""

import re
import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django import forms
from django.core.management import call_command
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from core import public_forms
from core.models import Sending
from core.public_forms import PublicForm
from core.sendings import Limit, address_block, counted

pytestmark = pytest.mark.django_db


class Letter(PublicForm):
    purpose = "essai"
    from_one_place = Limit(hourly=3, daily=5)
    from_everywhere = Limit(hourly=4, daily=100)

    words = forms.CharField(label="Votre message")
    email = forms.EmailField(label="Votre adresse", required=False)
    colour = forms.ChoiceField(
        label="Couleur", choices=[("b", "bleu"), ("r", "rouge")], widget=forms.RadioSelect
    )


def request(address: str = "192.0.2.7", **headers: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


def opened(seconds_ago: float) -> str:
    """The hidden moment of a form that was opened so long ago."""
    form = Letter(request=request())
    value = form._signer.sign(f"{time.time() - seconds_ago:.1f}")
    assert form.initial["moment"].count(":") == value.count(":")
    return value


def sent(seconds_ago: float = 10, address: str = "192.0.2.7", **changed: str) -> Letter:
    typed = {"words": "Bonjour", "colour": "b", "moment": opened(seconds_ago)} | changed
    return Letter(typed, request=request(address))


def shown(form: PublicForm) -> str:
    return "".join(
        [
            render_to_string("forms/_errors.html", {"form": form}),
            render_to_string("forms/_protection.html", {"form": form}),
            *(render_to_string("forms/_field.html", {"field": each}) for each in form.own_fields),
        ]
    )


def test_a_person_s_form_is_sent() -> None:
    form = sent()
    assert form.is_valid()
    assert form.may_be_sent()
    assert form.status == 200


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"seconds_ago": 0.5}, public_forms._TOO_QUICK),
        ({"seconds_ago": 25 * 3600}, public_forms._TOO_OLD),
        ({"moment": ""}, public_forms._TOO_OLD),
        ({"moment": "1764000000.0:forged"}, public_forms._TOO_OLD),
        ({"complement": "https://casino.invalid/"}, public_forms._TRAPPED),
    ],
)
def test_whoever_is_stopped_is_told_and_sends_again(
    changed: dict[str, Any], told: str, monkeypatch: Any
) -> None:
    form = sent(**changed)
    assert not form.is_valid()
    assert form.non_field_errors() == [told]
    html = shown(form)
    assert 'value="Bonjour"' in html
    assert told in html
    assert "casino" not in html
    # The page that comes back can be sent once it was read.
    moment = re.search(r'name="moment" value="([^"]+)"', html)
    assert moment
    later = time.time() + 3
    monkeypatch.setattr(time, "time", lambda: later)
    again = Letter(
        {"words": "Bonjour", "colour": "b", "moment": moment[1], "complement": ""},
        request=request(),
    )
    assert again.is_valid()


def test_a_moment_is_signed_for_one_form() -> None:
    class Other(Letter):
        purpose = "autre"

    form = Other({"words": "Bonjour", "colour": "b", "moment": opened(10)}, request=request())
    assert form.non_field_errors() == [public_forms._TOO_OLD]


def test_errors_stand_at_the_top_and_at_the_field() -> None:
    html = shown(sent(words="", email="moi@", colour="vert"))
    for error in ("Ce champ est obligatoire.", "comme nom@exemple.fr"):
        assert html.count(error) == 2
    for anchor in ("id_words", "id_email", "id_colour_0"):
        assert f'href="#{anchor}"' in html
        assert f'id="{anchor}"' in html
    assert 'aria-describedby="id_words_error"' in html
    assert "Ne pas remplir" in html
    assert 'class="fr-input"' in html


def test_one_place_has_its_limit_and_uses_up_no_other_s() -> None:
    assert all(sent_from("192.0.2.1") for _ in range(3))
    # A neighbour of the same network.
    assert not sent_from("192.0.2.200")
    assert sent_from("198.51.100.1")
    assert not sent_from("198.51.100.1"), "everyone's limit is passed"


def sent_from(address: str) -> bool:
    form = sent(address=address)
    assert form.is_valid()
    sendable = form.may_be_sent()
    assert sendable is (form.status == 200)
    assert sendable or form.non_field_errors() == [public_forms._TOO_MANY]
    return sendable


def at(monkeypatch: Any, hour: int, minute: int = 0) -> None:
    moment = datetime(2026, 5, 1, 0, minute, tzinfo=UTC) + timedelta(hours=hour)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_hours_end_and_a_day_adds_them_up(monkeypatch: Any) -> None:
    limit = Limit(hourly=2, daily=3)
    at(monkeypatch, 8, 58)
    assert [counted("x", "a", limit) for _ in range(3)] == [True, True, False]
    assert counted("x", "b", limit)
    assert counted("y", "a", limit)
    at(monkeypatch, 9)
    assert not counted("x", "a", limit), "three came within the day, one of them refused"
    at(monkeypatch, 9 + 24)
    assert counted("x", "a", limit)


def test_counts_name_nobody_and_are_forgotten(monkeypatch: Any) -> None:
    at(monkeypatch, 8)
    counted("x", "192.0.2.0/24", Limit(1, 1))
    row = Sending.objects.get()
    assert "192" not in str(row)
    assert len(row.key) == 64
    at(monkeypatch, 8 + 47)
    call_command("forget", "envois-1", stdout=StringIO())
    assert Sending.objects.exists()
    at(monkeypatch, 8 + 48)
    call_command("forget", "envois-1", stdout=StringIO())
    assert not Sending.objects.exists()


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", "unknown"),
        ("nowhere", "unknown"),
    ],
)
def test_blocks(address: str, block: str) -> None:
    assert address_block(request(address)) == block


def test_behind_a_proxy_only_what_it_saw_is_believed(settings: Any) -> None:
    claimed = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.4"}
    assert address_block(request("192.0.2.1", **claimed)) == "192.0.2.0/24"
    settings.BEHIND_PROXY = True
    assert address_block(request("192.0.2.1", **claimed)) == "198.51.100.0/24"
    assert address_block(request("192.0.2.1")) == "192.0.2.0/24"
