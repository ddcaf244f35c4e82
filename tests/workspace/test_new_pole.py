"""A new pole: few questions, its probable doubles, then a draft of its own."""

from html import unescape
from typing import Any

import pytest

from networks.models import User
from poles.models import Draft, Pole
from tests.factories import (
    CommuneFactory,
    NetworkFactory,
    NetworkStaffFactory,
    PoleFactory,
    UserFactory,
)
from tests.forms import filled
from tests.html import assert_clean_html
from tests.workspace.staff import MAX_STATEMENTS, kept, signed_in

pytestmark = pytest.mark.django_db

URL = "/espace/poles/nouveau/"
NAME = "Les Jardins de Kerbihan"


@pytest.fixture
def editor() -> User:
    return NetworkStaffFactory().user


def send(user: User, **typed: Any) -> Any:
    client = signed_in(user)
    page = client.get(URL)
    assert_clean_html(page.content.decode())
    response = client.post(URL, filled(page, **typed))
    if response.status_code == 200:
        assert_clean_html(response.content.decode())
    return response


def html_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def test_from_nothing_to_a_draft(editor: User) -> None:
    response = send(editor, name=NAME, **{"seat-mots": "vannes"})
    pole = Pole.objects.get(name=NAME)
    assert response.url == f"/espace/poles/{pole.pk}/identite/"
    assert pole.record_state == "brouillon"
    assert pole.reference_network.staff.filter(user=editor).exists()
    assert (pole.slug, pole.seat.name) == ("les-jardins-de-kerbihan", "Vannes")
    assert pole.events.get().pgh_context.metadata["user"] == editor.pk


def test_probable_doubles_are_shown_before_it_is_made(editor: User) -> None:
    known = PoleFactory(name="PTCE Jardins de Kerbihan", published=True)
    hidden = kept(name="Jardin de Kerbihan").pole
    response = send(editor, name=NAME, **{"seat-mots": "vannes"})
    html = html_of(response)
    assert f'href="/espace/poles/{known.pk}/"' in html
    assert hidden.name in html
    assert f'href="/espace/poles/{hidden.pk}/"' not in html
    assert not Pole.objects.filter(name=NAME).exists()
    assert Draft.objects.get().data["name"] == [NAME]

    client = signed_in(editor)
    again = client.post(URL, filled(response, autre="un autre nom"))
    assert "Est-ce l’un de ceux-ci" in html_of(again)
    made = client.post(URL, filled(again, autre="les jardins de kerbihan"))
    assert made.status_code == 302
    assert Pole.objects.filter(name=NAME).count() == 1
    assert not Draft.objects.exists()


def test_what_is_missing_is_told_and_nothing_typed_is_lost(editor: User) -> None:
    html = html_of(send(editor, name="", acronym="JDK", website="pas une adresse"))
    for field in ("name", "seat", "website"):
        assert f'href="#id_{field}"' in html
    assert "JDK" in html
    assert "pas une adresse" in html
    again = html_of(signed_in(editor).get(URL))
    assert 'value="JDK"' in again
    assert "fr-error-text" not in again
    signed_in(editor).post(URL, {"abandonner": "1"})
    assert 'value="JDK"' not in html_of(signed_in(editor).get(URL))


def test_a_draft_is_kept_at_each_pause(editor: User) -> None:
    client = signed_in(editor)
    sent = filled(client.get(URL), name="Commencé", **{"seat-mots": "van"})
    assert "gardé" in client.post(URL + "brouillon/", sent).json()["said"]
    again = html_of(client.get(URL))
    assert 'value="Commencé"' in again
    assert 'value="van"' in again
    assert client.post(URL + "brouillon/", {"rien": "1"}).json() == {"said": ""}
    assert not Draft.objects.exists()


def test_of_several_networks_one_is_chosen() -> None:
    user = UserFactory()
    one, other = NetworkStaffFactory(user=user).network, NetworkStaffFactory(user=user).network
    send(user, name=NAME, network=str(other.pk), **{"seat-mots": "vannes"})
    assert Pole.objects.get(name=NAME).reference_network == other
    assert one != other


def test_a_network_that_is_not_ones_own_is_refused(editor: User) -> None:
    response = send(editor, name=NAME, network=str(NetworkFactory().pk), **{"seat-mots": "vannes"})
    assert response.status_code == 200
    assert not Pole.objects.filter(name=NAME).exists()


def test_an_officer_may_make_one_without_a_network() -> None:
    send(UserFactory(officer=True), name=NAME, network="", **{"seat-mots": "vannes"})
    assert Pole.objects.get(name=NAME).reference_network is None


def test_a_stranger_makes_none() -> None:
    client = signed_in(UserFactory())
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"name": NAME}).status_code == 403


@pytest.mark.parametrize("rows", [1, 10])
def test_statements(editor: User, rows: int, django_assert_max_num_queries: Any) -> None:
    commune = CommuneFactory()
    for _ in range(rows):
        PoleFactory(name=NAME, seat=commune, reference_network=NetworkFactory())
    client = signed_in(editor)
    page = client.get(URL)
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.get(URL)
    sent = filled(page, name=NAME, seat=str(commune.pk))
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.post(URL, sent)
