"""The list, the map and their data as plain pages."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.public import forget_pages
from core.version import forget_data_version
from poles.models import Pole, PoleSource
from territories.models import Territory
from tests.html import assert_clean_html

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/",
    "/poles/",
    "/poles/?q=insertion&region=52",
    "/poles/?q=st+etienne",
    "/poles/?q=alimentaton&region=32&theme=non-renseigne",
    "/poles/?commune=44109&rayon=50&q=insertion",
    "/poles/?pres=44109&tri=distance",
    "/poles/?q=zzzz&region=03",
    "/carte/",
    "/carte/?integration=1&region=53",
    "/carte/poles.geojson?q=insertion",
    "/suggestions/?q=nan",
    "/suggestions/?q=44000&type=commune",
]


def statements(client, address: str) -> int:
    forget_pages()
    forget_data_version()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", ADDRESSES)
def test_statements_are_few_and_do_not_grow(client, address):
    before = statements(client, address)
    assert before <= 8
    seat = Territory.objects.get(kind="commune", code="44109")
    for number in range(30):
        pole = Pole.objects.create(
            name=f"Insertion {number}", slug=f"essai-{number}", seat=seat, record_state="publie"
        )
        PoleSource.objects.create(pole=pole, url="https://example.org/")
    # An empty answer asks in addition whom to ask: it may cost fewer once something is found.
    assert statements(client, address) <= max(before, 8)


@pytest.mark.parametrize("address", [each for each in ADDRESSES if "geojson" not in each])
def test_pages_are_clean(client, address):
    answer = client.get(address)
    if answer["Content-Type"].startswith("text/html"):
        assert_clean_html(answer.content.decode())


def test_only_the_embedded_map_may_be_framed(client):
    for address in ADDRESSES:
        answer = client.get(address)
        framed = "integration" in address
        assert ("frame-ancestors *" in answer["Content-Security-Policy"]) is framed
        assert ("X-Frame-Options" not in answer) is framed


def test_kept_embedded_map_may_still_be_framed(client):
    for _ in range(2):
        answer = client.get("/carte/?integration=1")
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer


def test_insertion_in_pays_de_la_loire(client):
    answer = client.get("/poles/?q=insertion&region=52")
    assert [card.row.pole.acronym for card in answer.context["cards"]] == ["NOLA"]
    assert [used.label for used in answer.context["used"]] == [
        "«\u00a0insertion\u00a0»",
        "Région\u00a0: Pays de la Loire",
    ]


def test_each_used_filter_can_be_taken_off(client):
    answer = client.get("/poles/?q=insertion&region=52&region=53&page=2&vue=6/46/2")
    ways = {used.label: used.query for used in answer.context["used"]}
    assert ways["Région\u00a0: Bretagne"] == "q=insertion&region=52"
    assert ways["«\u00a0insertion\u00a0»"] == "region=52&region=53"


def test_empty_answer_says_what_to_loosen_and_whom_to_ask(client):
    page = client.get("/poles/?q=zzzz&region=53").content.decode()
    assert "sans « zzzz »" in page.replace("\u00a0", " ")
    assert "Bretagne" in page
    assert "http://www.cres-bretagne.org" in page


def test_guyane_has_no_known_network(client):
    assert "aucun réseau n’est connu" in client.get("/poles/?q=zzzz&region=03").content.decode()


def test_place_of_that_name_is_proposed(client):
    places = client.get("/poles/?q=st etienne").context["places"]
    assert places[0].code == "42218"


def test_region_known_pole_is_never_an_exact_point(client):
    data = json.loads(client.get("/carte/poles.geojson?region=53").content)
    approximate = {
        feature["properties"]["n"]
        for feature in data["features"]
        if feature["properties"]["a"] >= 2
    }
    assert {"Mady&co", "Les Articulteurs"} <= approximate
    assert "Distro" not in approximate


def test_suggestions_find_old_names_and_postal_codes(client):
    def labels(query: str) -> list[str]:
        found = json.loads(client.get(f"/suggestions/?{query}").content)
        return [each["label"] for each in found["suggestions"]]

    assert any("Montaigu" in label and "(85)" in label for label in labels("q=montaigu"))
    assert "Nantes (44)" in labels("q=44000")
    assert "Loire-Atlantique (44)" in labels("q=loire-atl")
    assert labels("q=x") == []


def test_names_are_escaped(client):
    Pole.objects.create(name="<script>alert(1)</script>", slug="x", record_state="publie")
    page = client.get("/poles/?q=alert").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
