from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Application
from networks.models import User
from tests.call_factories import call_at, file_of
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    InstalmentFactory,
    StrandFactory,
    UserFactory,
    WaveFactory,
)
from tests.forms import fields_of, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True)
    client.force_login(user)
    return user


def save(client: Client, application: Application, **typed: Any) -> Any:
    url = reverse("admin:calls_application_change", args=[application.pk])
    return client.post(url, filled(client.get(url), **typed))


def form_errors(page: Any) -> str:
    return str(dict(page.context["adminform"].form.errors))


@pytest.mark.parametrize(("name", "factory"), [("wave", WaveFactory), ("strand", StrandFactory)])
def test_a_wave_and_a_strand_are_those_of_the_call(
    client: Client, officer: User, name: str, factory: Any
) -> None:
    application = ApplicationFactory()
    page = save(client, application, **{name: factory().pk})
    assert page.status_code == 200
    assert "doivent être ceux de l’appel" in form_errors(page)
    assert list(page.context["adminform"].form.errors) == [name]
    own = factory(call=application.call)
    assert save(client, application, **{name: own.pk}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount_eur": "1000"}, "Seul un lauréat"),
        ({"admissible": "false"}, "dit pourquoi"),
        ({"received_on": "02/01/2024", "decided_on": "01/01/2024"}, "précéder la réception"),
    ],
)
def test_rules_are_told(client: Client, officer: User, typed: dict[str, str], said: str) -> None:
    page = save(client, ApplicationFactory(), **typed)
    assert page.status_code == 200
    assert said in form_errors(page)


def test_amounts_are_typed_and_shown_as_french_writes_them(client: Client, officer: User) -> None:
    application = ApplicationFactory()
    assert save(client, application, requested_eur="100 000,50 €").status_code == 302
    application.refresh_from_db()
    assert application.requested_eur == Decimal("100000.50")
    shown = fields_of(client.get(reverse("admin:calls_application_change", args=[application.pk])))
    assert shown["requested_eur"] == ["100\u202f000,50"]


def test_a_file_of_today_shows_nothing_of_what_only_older_ones_have(
    client: Client, officer: User
) -> None:
    page = client.get(reverse("admin:calls_application_change", args=[file_of(call_at()).pk]))
    words = page.content.decode()
    assert "à décider" in words
    assert "décision non connue" not in words
    assert "mots de la source" not in words
    assert "<h1>Candidature\u00a0: modification</h1>" in words
    assert "<b>Suivi\u00a0:</b>" in words


def test_a_pole_applies_once(client: Client, officer: User) -> None:
    first = ApplicationFactory()
    second = ApplicationFactory(call=first.call)
    page = save(client, second, pole=first.pole_id)
    assert "déjà une candidature" in form_errors(page)


def test_a_call_is_written_with_its_waves_and_strands(client: Client, officer: User) -> None:
    call = CallFactory()
    url = reverse("admin:calls_call_change", args=[call.pk])
    typed = {
        "envelope_eur": "3000000",
        "waves-TOTAL_FORMS": 1,
        "waves-0-call": call.pk,
        "waves-0-code": "2022",
        "waves-0-name": "Vague 2022",
        "strands-TOTAL_FORMS": 1,
        "strands-0-call": call.pk,
        "strands-0-code": "accompagnement",
        "strands-0-name": "Accompagnement",
    }
    assert client.post(url, filled(client.get(url), **typed)).status_code == 302
    call.refresh_from_db()
    assert (call.envelope_eur, call.waves.get().code) == (3_000_000, "2022")
    assert call.strands.get().name == "Accompagnement"


def test_a_call_with_applications_is_not_deleted(client: Client, officer: User) -> None:
    application = InstalmentFactory().application
    url = reverse("admin:calls_call_delete", args=[application.call_id])
    page = client.post(url, {"post": "yes"})
    assert page.status_code == 200
    assert Application.objects.filter(pk=application.pk).exists()
