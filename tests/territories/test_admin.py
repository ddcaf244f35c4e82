import pytest
from django.test import Client
from django.urls import reverse

from networks.models import User
from territories.models import Territory
from tests.factories import CommuneFactory, DepartementFactory, UserFactory
from tests.forms import filled

pytestmark = pytest.mark.django_db

SEAT = {"app_label": "poles", "model_name": "pole", "field_name": "seat"}


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True)
    client.force_login(user)
    return user


def change(territory: Territory) -> str:
    return reverse("admin:territories_territory_change", args=[territory.pk])


def test_a_correction_is_remembered(client: Client, officer: User) -> None:
    commune = CommuneFactory()
    done = client.post(change(commune), filled(client.get(change(commune)), population="1234"))
    assert done.status_code == 302
    commune.refresh_from_db()
    assert (commune.population, commune.corrected) == (1234, ["population"])
    done = client.post(change(commune), filled(client.get(change(commune)), latitude="47,25"))
    assert done.status_code == 302
    commune.refresh_from_db()
    assert commune.corrected == ["latitude", "population"]
    page = client.get(change(commune))
    client.post(change(commune), {**filled(page), "corrected": ["latitude"]})
    commune.refresh_from_db()
    assert (commune.population, commune.corrected) == (1234, ["latitude"])


def test_a_departement_of_another_region_is_told(client: Client, officer: User) -> None:
    commune, other = CommuneFactory(), Territory.objects.get(kind="departement", code="2A")
    page = client.post(change(commune), filled(client.get(change(commune)), departement=other.pk))
    assert page.status_code == 200
    assert "n’est pas de la région" in str(page.context["adminform"].form.errors)


def suggestions(client: Client, term: str) -> list[str]:
    found = client.get("/admin/autocomplete/", {**SEAT, "term": term})
    assert found.status_code == 200
    return [result["text"] for result in found.json()["results"]]


def test_the_likeliest_place_comes_first(client: Client, officer: User) -> None:
    departement = DepartementFactory()
    for code, name in (("96801", "Grand-Essaiville"), ("96802", "Essaiville-le-Vieux")):
        CommuneFactory(code=code, name=name, departement=departement)
    CommuneFactory(code="96803", name="Essaiville", departement=departement)
    assert suggestions(client, "éssaiville") == [
        "Essaiville (96)",
        "Essaiville-le-Vieux (96)",
        "Grand-Essaiville (96)",
    ]


def test_a_place_is_found_by_codes(client: Client, officer: User) -> None:
    commune = CommuneFactory(code="96804", postal_codes=["96999"])
    assert suggestions(client, "96999") == [commune.label]
    assert suggestions(client, "96804") == [commune.label]


def test_a_choice_says_what_is_not_a_commune(client: Client, officer: User) -> None:
    commune = CommuneFactory(name="Lieu unique d’essai")
    assert suggestions(client, commune.region.name) == [f"{commune.region.name} – région"]


def test_officers_delete_no_territory(client: Client, officer: User) -> None:
    delete = reverse("admin:territories_territory_delete", args=[CommuneFactory().pk])
    assert client.get(delete).status_code == 403
