"""The opinions that a call asks of a network: its list, its form, and what is refused."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.models import Application, RegionalOpinion
from calls.opinions import asked_of, give
from calls.permissions import can_give_opinion, can_run_calls
from networks.models import User
from tests.breaking import update
from tests.call_factories import CallNetworkFactory, call_at, file_of, named
from tests.factories import (
    CommuneFactory,
    NetworkStaffFactory,
    PoleFactory,
    PoleNetworkFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def file() -> Application:
    return file_of(call_at(), pole=PoleFactory(name="Pôle du dossier", seat=CommuneFactory()))


def staff(network: Any) -> User:
    return NetworkStaffFactory(network=network).user


def address(file: Application, network: Any) -> str:
    return f"/espace/avis/{file.pk}/{network.pk}/"


def test_a_network_gives_its_opinion_and_changes_it(client: Client, file: Application) -> None:
    network = named(file)
    user = staff(network)
    client.force_login(user)
    assert "À donner" in client.get("/espace/avis/").content.decode()
    sent = {"opinion": "favorable", "rank": "2"}
    answer = client.post(address(file, network), sent, follow=True)
    assert "Votre avis sur Pôle du dossier est enregistré." in answer.content.decode()
    assert "Donné\u00a0: favorable, rang 2" in answer.content.decode().replace("&nbsp;", "\u00a0")
    row = RegionalOpinion.objects.get(application=file)
    assert (row.author, row.given_on) == (user, timezone.localdate())
    client.post(address(file, network), {"opinion": "reserve", "text": "Trop tôt."})
    row.refresh_from_db()
    assert (row.opinion, row.text, row.rank) == ("reserve", "Trop tôt.", None)
    update(file, decision="refuse", decided_on=timezone.localdate())
    answer = client.get(address(file, network))
    assert answer.status_code == 403
    assert "avant la décision" in answer.content.decode()
    assert "Aucun avis" in client.get("/espace/avis/").content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choisissez un avis."),
        ({"opinion": "defavorable"}, "dit pourquoi"),
        ({"opinion": "favorable", "rank": "premier"}, "Rang dans la région"),
        ({"opinion": "favorable", "rank": "0"}, "Rang dans la région"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: Client, file: Application, sent: dict[str, str], said: str
) -> None:
    network = named(file)
    client.force_login(staff(network))
    page = client.post(address(file, network), {"text": "", **sent}).content.decode()
    assert said in page
    assert "Rien n’a été enregistré" in page
    if "rank" in sent:
        assert f'value="{sent["rank"]}"' in page
    assert not RegionalOpinion.objects.filter(application=file).exists()


def test_a_conflict_of_interest_is_refused_with_its_reason(
    client: Client, file: Application
) -> None:
    network = named(file)
    PoleNetworkFactory(pole=file.pole, network=network)
    client.force_login(staff(network))
    words = client.get("/espace/avis/").content.decode()
    assert "il accompagne ce pôle" in words
    assert address(file, network) not in words
    for answer in (
        client.get(address(file, network)),
        client.post(address(file, network), {"opinion": "favorable"}),
    ):
        assert answer.status_code == 403
        assert "accompagne ce pôle" in answer.content.decode()


def test_only_who_is_named_is_asked(client: Client, file: Application) -> None:
    elsewhere = CallNetworkFactory(call=file.call, region=CommuneFactory().region).network
    of_another = CallNetworkFactory(call=call_at(), region=file.pole.seat.region).network
    for network in (elsewhere, of_another):
        user = staff(network)
        assert list(asked_of(user)) == []
        client.force_login(user)
        answer = client.post(address(file, network), {"opinion": "favorable"})
        assert answer.status_code == 403
        assert "n’est pas nommé" in answer.content.decode()
    network = named(file)
    client.force_login(staff(elsewhere))
    assert client.get(address(file, network)).status_code == 403


def test_predicates_and_database_say_the_same(file: Application) -> None:
    """The ministry records what a network sent by post; nobody speaks for another network."""
    network = named(file)
    officer, stranger = UserFactory(officer=True), UserFactory()
    assert can_give_opinion(officer, file, network.pk)
    give(file, network.pk, officer, opinion="favorable", text="", rank=None)
    assert not can_give_opinion(stranger, file, network.pk)
    with pytest.raises(ValidationError, match="aucun réseau"):
        give(file, network.pk, stranger, opinion="favorable", text="", rank=None)
    assert can_run_calls(officer)
    assert not can_run_calls(stranger)
    assert not can_run_calls(staff(network))


def test_the_list_costs_the_same_with_many_files(client: Client, file: Application) -> None:
    network = named(file)
    user = staff(network)
    client.force_login(user)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/espace/avis/").status_code == 200
        return len(captured)

    statements()
    few = statements()
    for number in range(12):
        other = file_of(file.call, pole=PoleFactory(seat=file.pole.seat))
        if number % 2:
            PoleNetworkFactory(pole=other.pole, network=network)
    assert len(list(asked_of(user))) == 13
    assert statements() == few <= 12
