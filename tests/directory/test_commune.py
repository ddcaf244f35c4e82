"""For a mayor: the commune by its name, and the poles that matter to it."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from territories.models import Territory
from tests.directory.records import MAX_STATEMENTS, context_of, read, statements
from tests.factories import PoleCoverageFactory, PoleFactory

pytestmark = pytest.mark.django_db

VANNES = "/communes/56260/"


def territory(kind: str, code: str) -> Territory:
    return Territory.objects.get(kind=kind, code=code)


def names(context: dict, name: str) -> list[str]:
    return [card.row.pole.name for card in context[name]["cards"]]


def test_search_page(client: Client) -> None:
    assert "Votre commune" in read(client, "/communes/")


def test_candidates_with_departement_and_postal_codes(client: Client) -> None:
    words = read(client, "/communes/?q=montaigu")
    assert "Montaigu Aisne (02), 02820" in words
    assert "Montaigu-Vendée Vendée (85), 85600 dont Montaigu" in words
    # Those that bear the name, or took in one that did, come before those that begin like it.
    found = context_of(client, "/communes/?q=montaigu")["candidates"].found
    assert [each.commune.name for each in found[:3]] == ["Montaigu", "Montaigu", "Montaigu-Vendée"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("montaigu (85)", "85146"),
        ("Montaigu (85)", "85146"),
        ("bayonne", "64102"),
        ("l'ile saint denis", "93039"),
        ("St Étienne (42)", "42218"),
        ("Saint-Étienne (42)", "42218"),
        ("Paris 1er Arrondissement", "75056"),
        ("97139", "97101"),
        ("56000", "56260"),
        ("97101", "97101"),
    ],
)
def test_only_candidate_is_opened(client: Client, typed: str, code: str) -> None:
    response = client.get("/communes/", {"q": typed})
    assert (response.status_code, response["Location"]) == (302, f"/communes/{code}/")


def test_postal_code_of_several_communes(client: Client) -> None:
    words = read(client, "/communes/?q=26750")
    assert "Romans-sur-Isère" not in words
    assert "Drôme (26), 26750" in words


def test_typing_error_is_forgiven_and_said(client: Client) -> None:
    words = read(client, "/communes/?q=vanes")
    assert "Aucune commune ne s’appelle « vanes »" in words
    assert "Vannes Morbihan (56)" in words


@pytest.mark.parametrize("typed", ["zzzzzz", "%00", "(", "%", "_", "'", "é" * 500, "75%", "()"])
def test_any_text_is_answered(client: Client, typed: str) -> None:
    assert client.get("/communes/", {"q": typed}).status_code in {200, 302}


def test_no_commune_of_that_name(client: Client) -> None:
    assert "Aucune commune ne porte ce nom." in read(client, "/communes/?q=zzzzzz")


def test_poles_that_cover_it_and_those_around(client: Client) -> None:
    PoleFactory(name="Siège", published=True, seat=territory("commune", "56260"))
    covering = PoleFactory(name="Couvre", published=True, seat=territory("commune", "75056"))
    PoleCoverageFactory(pole=covering, territory=territory("departement", "56"))
    PoleFactory(name="Auray", published=True, seat=territory("commune", "56007"))
    PoleFactory(name="Morbihan", published=True, seat=territory("departement", "56"))
    PoleFactory(name="Finistère", published=True, seat=territory("departement", "29"))
    PoleFactory(name="Brouillon", seat=territory("commune", "56260"))
    context = context_of(client, VANNES)
    assert {"Siège", "Couvre", "Néo56"} == set(names(context, "covering"))
    assert "Auray" in names(context, "near")
    assert not set(names(context, "near")) & set(names(context, "covering"))
    approximate = names(context, "approximate")
    assert "Morbihan" in approximate
    assert "Mady&co" in approximate
    assert "Finistère" not in approximate
    distances = [card.distance for card in context["near"]["cards"]]
    assert distances == sorted(distances)
    assert all(each <= 50 for each in distances)


def test_distance_is_chosen(client: Client) -> None:
    near = names(context_of(client, VANNES), "near")
    far = names(context_of(client, f"{VANNES}?rayon=100"), "near")
    assert "Distro" in set(far) - set(near)
    assert '<option value="100" selected' in client.get(f"{VANNES}?rayon=100").content.decode()


@pytest.mark.parametrize("radius", ["", "0", "-5", "1e9", "abc", "50;", "٥٠"])
def test_unknown_distance_is_the_usual_one(client: Client, radius: str) -> None:
    assert context_of(client, f"{VANNES}?{urlencode({'rayon': radius})}")["radius"] == 50


def test_contacts_of_the_region(client: Client) -> None:
    assert "cres-bretagne.org" in read(client, VANNES)
    assert "ne connaît pas de chambre régionale" in read(client, "/communes/97302/")


def test_approximate_position_is_said(client: Client) -> None:
    assert "La position de la commune est approximative" in read(client, "/communes/01001/")
    assert "La position de la commune" not in read(client, VANNES)


def test_commune_of_unknown_position(client: Client) -> None:
    Territory.objects.filter(kind="commune", code="56260").update(latitude=None, longitude=None)
    words = read(client, VANNES)
    assert "les distances ne peuvent être données" in words
    assert "Néo56" in words


@pytest.mark.parametrize(("old", "today"), [("75101", "75056"), ("85146", None)])
def test_old_code_leads_to_the_commune(client: Client, old: str, today: str | None) -> None:
    response = client.get(f"/communes/{old}/")
    if today is None:
        assert response.status_code == 200
    else:
        assert (response.status_code, response["Location"]) == (301, f"/communes/{today}/")


@pytest.mark.parametrize("code", ["99999", "abc", "00000", "é", "x" * 300])
def test_unknown_commune(client: Client, code: str) -> None:
    assert client.get(f"/communes/{code}/").status_code == 404


@pytest.mark.parametrize(
    "address", [VANNES, "/communes/", "/communes/?q=montaigu", "/communes/?q=vanes"]
)
def test_statements_are_few_and_do_not_grow(client: Client, address: str) -> None:
    before = statements(client, address)
    assert before <= MAX_STATEMENTS
    seat = territory("commune", "56260")
    for _ in range(30):
        PoleFactory(published=True, seat=seat)
        PoleFactory(published=True, seat=territory("commune", "56007"))
    assert statements(client, address) == before


def test_long_lists_lead_to_the_whole_of_it(client: Client) -> None:
    PoleFactory.create_batch(25, published=True, seat=territory("commune", "56260"))
    response = client.get(VANNES)
    assert len(response.context["covering"]["cards"]) == 20
    assert "/poles/?commune=56260" in response.content.decode()
