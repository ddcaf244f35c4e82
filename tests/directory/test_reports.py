"""Telling the registry of a pole, without an account."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from poles.models import Pole, Report
from tests.breaking import undone, with_database
from tests.directory.sending import moment, send, words
from tests.factories import PoleFactory
from tests.forms import fields_of
from tests.posted import ADDRESSES, TEXT, moments, posted

pytestmark = pytest.mark.django_db
ADDRESS = "/signaler/"
SAID = {
    "name": "Les Jardins de Kerbihan",
    "stage": "existe",
    "commune": "Nantes (44)",
    "does": "Un jardin partagé",
}


def tell(client: Client, **typed: Any) -> Any:
    return send(client, ADDRESS, "signalement", **SAID | typed)


def test_what_is_said_is_kept(client: Client) -> None:
    assert "obligatoire" in words(client.get(ADDRESS))
    answer = tell(client, stage="projet", author_email="moi@exemple.invalid", source="J’y suis")
    assert answer.status_code == 302
    assert "Merci" in words(client.get(answer["Location"]))
    made = Report.objects.get()
    assert (made.name, made.planned, made.commune.code) == (SAID["name"], True, "44109")
    assert (made.author_email, made.source, made.state) == (
        "moi@exemple.invalid",
        "J’y suis",
        "attente",
    )
    assert not Pole.objects.filter(name=SAID["name"]).exists()


def test_what_it_may_be_is_shown_before(client: Client) -> None:
    pole = PoleFactory(name="PTCE Jardins de Kerbihan", slug="kerbihan", published=True)
    PoleFactory(name="Jardins de Kerbihan secrets")
    answer = tell(client)
    said = words(answer)
    assert "N’est-ce pas celui-ci" in said
    assert 'href="/poles/kerbihan/"' in answer.content.decode()
    assert "secrets" not in said
    assert "Un jardin partagé" in said
    assert not Report.objects.exists()
    again = fields_of(answer) | {"moment": moment("signalement")}
    assert again["dismissed"] == [str(pole.pk)]
    # Another one that looks like the new name is shown too.
    PoleFactory(name="Le Hameau de Troubihan", published=True)
    assert client.post(ADDRESS, again | {"name": "Hameau de Troubihan"}).status_code == 200
    assert client.post(ADDRESS, again).status_code == 302
    assert Report.objects.count() == 1


def test_errors_keep_what_was_typed(client: Client) -> None:
    answer = tell(client, name="", commune="Saint-Denis", stage="", website="exemple.")
    said = words(answer)
    for error in ("Écrivez son nom", "Précisez laquelle", "Dites s’il existe"):
        assert said.count(error) == 2
    assert "Un jardin partagé" in said
    assert tell(client, commune="").status_code == 200
    assert not Report.objects.exists()


def test_the_links_lead_here(client: Client) -> None:
    for page in ("/regions/bretagne/", "/poles/?q=zzzz&region=53", "/plan-du-site/"):
        assert f'href="{ADDRESS}"' in client.get(page).content.decode()


def test_the_form_costs_few_statements(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        client.get(ADDRESS)


@with_database
@given(
    sent=posted(
        name=st.sampled_from(["Kerbihan", "Xzqv"]),
        stage=st.sampled_from(["existe", "projet", "x"]),
        commune=st.sampled_from(["44109", "Nantes (44)", "Saint-Denis", "00000"]),
        does=TEXT,
        website=st.sampled_from(["", "exemple.fr", "javascript:alert(1)", "http://["]),
        source=TEXT,
        author_name=TEXT,
        author_email=ADDRESSES,
        dismissed=st.sampled_from(["", "1,2", ",", "x"]),
        moment=moments("signalement"),
        complement=st.just(""),
    ),
    genuine=st.booleans(),
)
def test_whatever_is_sent(client: Client, sent: dict[str, Any], genuine: bool) -> None:
    with undone():
        likely = PoleFactory(name="Kerbihan", published=True)
        poles = Pole.objects.count()
        if genuine:
            sent = {**SAID, **sent, "moment": moment("signalement")}
        answer = client.post(ADDRESS, sent)
        assert answer.status_code in {200, 302, 429}
        reports = list(Report.objects.all())
        assert len(reports) == (answer.status_code == 302)
        for made in reports:
            assert made.name == sent["name"].strip()
            # Whoever was not shown the likely one has confirmed nothing.
            assert made.name != "Kerbihan" or str(likely.pk) in sent.get("dismissed", "").split(",")
            assert made.author_email == sent.get("author_email", "").strip()
        assert Pole.objects.count() == poles
