"""The seat: an address that the geocoder finds, a point put by hand, or the commune's centre."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache

from poles.models import Draft, Pole
from territories.models import Territory
from tests.forms import filled
from tests.html import assert_clean_html
from tests.members.register_server import status
from tests.territories.geocoder_server import Geocoder, running
from tests.workspace.sections import address, opened
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db

FOUND = "12 Rue des Essais 56000 Vannes"


@pytest.fixture
def geocoder(settings: Any, db: None) -> Iterator[Geocoder]:
    cache.clear()
    with running() as server:
        settings.GEOCODER_URL = server.url
        settings.GEOCODER_TIMEOUT_SECONDS = 10
        yield server
    cache.clear()


@pytest.fixture
def vannes() -> Territory:
    return Territory.objects.get(kind="commune", code="56260")


class Editing:
    """One person on the section, without a script."""

    def __init__(self, record: Kept) -> None:
        self.record = record
        self.client = signed_in(record.editor)
        self.page: Any = opened(self.client, record.pole, "lieu")

    def send(self, **typed: Any) -> Any:
        self.page = self.client.post(address(self.record.pole, "lieu"), filled(self.page, **typed))
        if self.page.status_code != 302:
            assert_clean_html(self.page.content.decode())
        return self.page

    def saved(self, **typed: Any) -> Pole:
        assert self.send(**typed).status_code == 302, self.errors
        return Pole.objects.get(pk=self.record.pole.pk)

    @property
    def errors(self) -> dict[str, Any]:
        return self.page.context["form"].errors

    @property
    def html(self) -> str:
        return " ".join(unescape(self.page.content.decode()).split())

    @property
    def tokens(self) -> list[str]:
        return [each.token for each in self.page.context["form"].candidates]


def where(pole: Pole) -> tuple[str, str, str, float | None, str]:
    return (
        str(pole.latitude),
        str(pole.longitude),
        pole.position_origin,
        pole.geocoding_score,
        pole.geocoding_label,
    )


def test_an_address_is_looked_up_chosen_and_kept_with_its_score(
    geocoder: Geocoder, vannes: Territory
) -> None:
    geocoder.add(FOUND)
    editing = Editing(kept(seat=None))
    editing.send(address="12 rue des essais", chercher="1")
    assert FOUND in editing.html
    assert Draft.objects.get().data["address"] == ["12 rue des essais"]
    pole = editing.saved(trouve=editing.tokens[0])
    assert where(pole) == ("47.65836", "-2.75944", "geocodage", 0.95, FOUND)
    assert (pole.seat, pole.address) == (vannes, "12 rue des essais")


def test_an_unsure_address_is_confirmed_by_a_person(geocoder: Geocoder) -> None:
    geocoder.add(FOUND, score=0.79)
    editing = Editing(kept(seat=None))
    editing.send(address="rue des essais", chercher="1")
    assert "À vérifier" in editing.html
    token = editing.tokens[0]
    editing.send(trouve=token)
    assert set(editing.errors) == {"sur"}
    pole = editing.saved(sur="on", trouve=token)
    assert (pole.position_origin, pole.geocoding_score) == ("geocodage", 0.79)


def test_a_score_is_not_the_browsers_to_say(geocoder: Geocoder) -> None:
    editing = Editing(kept())
    pole = editing.saved(
        trouve="forgé", position="47.1, -2.1", geocoding_score="1", position_origin="geocodage"
    )
    assert where(pole) == ("47.10000", "-2.10000", "main", None, "")


def test_what_is_moved_after_it_was_found_is_put_by_hand(geocoder: Geocoder) -> None:
    geocoder.add(FOUND, score=0.5)
    editing = Editing(kept(seat=None))
    editing.send(address="rue des essais", chercher="1")
    pole = editing.saved(trouve=editing.tokens[0], position="47.65000, -2.75000")
    assert where(pole)[:3] == ("47.65000", "-2.75000", "main")
    assert pole.seat is None


def test_an_address_elsewhere_than_the_seat_is_told(geocoder: Geocoder) -> None:
    geocoder.add(FOUND)
    editing = Editing(kept())
    editing.send(address="rue des essais", chercher="1")
    editing.send(trouve=editing.tokens[0])
    assert "changez l’un ou l’autre" in str(editing.errors["seat"])


def test_a_region_gives_way_to_the_commune_of_the_address(
    geocoder: Geocoder, vannes: Territory
) -> None:
    geocoder.add(FOUND)
    editing = Editing(kept(seat=vannes.region))
    editing.send(address="rue des essais", chercher="1")
    assert editing.saved(trouve=editing.tokens[0]).seat == vannes


def test_saving_again_changes_nothing_of_the_point(geocoder: Geocoder) -> None:
    record = kept(
        latitude="45.5",
        longitude="5.25",
        position_origin="geocodage",
        geocoding_score=0.7,
        geocoding_label="Là",
    )
    before = where(Pole.objects.get(pk=record.pole.pk))
    assert where(Editing(record).saved(address="Autre")) == before
    assert where(Editing(record).saved(position="45,5 ; 5,25".replace(" ; ", ";"))) == before
    assert where(Editing(record).saved(position=""))[2:] == ("", None, "")


@pytest.mark.parametrize(
    "typed", ["nord", "91, 2", "45", "45, 200", "1e5, 3", "45.5.5, 2", "NaN, 1", "45, 5, 5"]
)
def test_what_is_no_point_is_told(typed: str) -> None:
    editing = Editing(kept())
    editing.send(position=typed)
    assert "latitude" in str(editing.errors["position"])
    assert typed in editing.html


@pytest.mark.parametrize("typed", ["45.5, 5.25", "45,5 5,25", " 45.50000;5.25 ", "45.5,5.25"])
def test_points_are_typed_in_several_ways(typed: str) -> None:
    assert where(Editing(kept()).saved(position=typed))[:2] == ("45.50000", "5.25000")


@pytest.mark.parametrize("code", [429, 500, 504])
def test_without_the_geocoder_it_is_said_and_all_else_works(geocoder: Geocoder, code: int) -> None:
    geocoder.replies.append(status(code))
    editing = Editing(kept())
    editing.send(address="rue des essais", chercher="1")
    assert "géocodage" in editing.html
    assert editing.saved().address == "rue des essais"


def test_no_address_answers(geocoder: Geocoder) -> None:
    editing = Editing(kept())
    editing.send(address="zzzz", chercher="1")
    assert "Aucune adresse ne répond" in editing.html
    editing.send(address="", chercher="1")
    assert "trois lettres" in editing.html


def test_two_who_move_the_point_choose_the_whole_of_it() -> None:
    record = kept(latitude="45", longitude="5", position_origin="main")
    mine, theirs = Editing(record), Editing(record)
    theirs.client = signed_in(record.manager)
    theirs.saved(position="45, 6")
    response = mine.send(position="46, 5")
    assert response.status_code == 409
    assert mine.html.count('name="croise"') == 1
    pole = mine.saved(**{"garder:latitude": "moi"})
    assert where(pole)[:2] == ("46.00000", "5.00000")


def test_addresses_are_proposed_while_one_types(geocoder: Geocoder, vannes: Territory) -> None:
    geocoder.add(FOUND, score=0.5)
    client = signed_in(kept().editor)
    (found,) = client.get("/espace/choix/adresses/?q=rue des essais").json()["suggestions"]
    assert (found["label"], found["sure"]) == (FOUND, False)
    assert found["seat"] == {"value": vannes.pk, "label": "Vannes (56)"}
    assert client.get("/espace/choix/adresses/?q=").json() == {"suggestions": []}
    geocoder.replies.append(status(500))
    assert client.get("/espace/choix/adresses/?q=autre rue").json() == {"suggestions": []}


def test_statements(geocoder: Geocoder, django_assert_max_num_queries: Any) -> None:
    record = kept(published=True)
    client = signed_in(record.editor)
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.get(address(record.pole, "lieu"))
