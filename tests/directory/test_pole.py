"""The page of a pole: what is known of it, what is not, and what is never said."""

import json
import re
from datetime import date

import pytest
from django.test import Client

from poles.models import Pole, PoleFormerSlug
from territories.models import Territory
from tests.directory.records import MAX_STATEMENTS, context_of, read, statements, words_of
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    PoleCoverageFactory,
    PoleFactory,
    PoleFiguresFactory,
    PoleNetworkFactory,
    PoleProjectFactory,
    PoleSourceFactory,
    PoleThemeFactory,
    StrandFactory,
    StudyFactory,
    UserFactory,
    WaveFactory,
)

pytestmark = pytest.mark.django_db

BARE, ARCHER, RESTO = "/poles/poles-noe/", "/poles/pole-sud-archer/", "/poles/resto-passerelle/"


def territory(kind: str, code: str) -> Territory:
    return Territory.objects.get(kind=kind, code=code)


@pytest.fixture
def full() -> Pole:
    """A pole of which everything is known."""
    pole = PoleFactory(
        name="Pôle <des> essais & Cie",
        slug="essais",
        acronym="PEC",
        published=True,
        summary="Un pôle d’essai.",
        description="Première ligne.\n\nSeconde ligne.",
        theme_words=["mots d’origine"],
        maturity="emergent",
        maturity_year=2021,
        maturity_words="émergent (2021)",
        founding_year=2019,
        legal_form="association",
        legal_person=OrganisationFactory(name="Pôle d’essai SCIC", slug="essai-scic"),
        seat=territory("commune", "56260"),
        address="1 rue des Essais",
        coverage_words="le pays d’essai",
        website="https://www.essais.invalid/accueil",
        contact_email="pole@essais.invalid",
        contact_name="Camille Essai",
        contact_consent_on=date(2024, 1, 1),
        rural_area=True,
        rural_basis="grille communale",
        rural_on=date(2024, 1, 1),
        jobs_words="12 emplois",
        recognition="reconnu",
        recognition_on=date(2026, 1, 1),
        recognition_reason="motif interne",
        exception_until=date(2099, 12, 31),
        exception_reason="motif de l’exception",
        recognition_officer=UserFactory(officer=True, full_name="Dominique Agent"),
        confirmed_on=date(2026, 6, 1),
        members_confirmed_on=date(2026, 6, 2),
        reference_network=NetworkFactory(name="Réseau de référence d’essai"),
    )
    PoleThemeFactory(pole=pole)
    PoleCoverageFactory(pole=pole, territory=territory("departement", "56"))
    PoleNetworkFactory(pole=pole, network=NetworkFactory(name="Réseau accompagnateur"))
    PoleSourceFactory(
        pole=pole, url=f"https://source.invalid/{'x' * 900}", seen_on=date(2025, 5, 12)
    )
    lead = OrganisationFactory(name="Porteuse", kind="association")
    MembershipFactory(pole=pole, organisation=lead, role="porteur", begins_on=date(2019, 1, 1))
    member = OrganisationFactory(name="Membre actif", kind="ess")
    MembershipFactory(pole=pole, organisation=member, begins_on=date(2020, 3, 1))
    MembershipFactory(pole=pole, organisation__name="Ancien membre", ends_on=date(2022, 12, 31))
    MembershipFactory(
        pole=pole, organisation__name="Membre fermé", organisation__closed_on=date(2023, 5, 1)
    )
    MembershipFactory(pole=pole, organisation__name="Membre à venir", begins_on=date(2999, 1, 1))
    MembershipFactory(pole=pole, organisation__name="Partenaire", role="partenaire")
    MembershipFactory(
        pole=pole,
        organisation__name="Personne cachée",
        organisation__slug="personne-cachee",
        organisation__publication_status="P",
    )
    project = PoleProjectFactory(
        pole=pole, title="Un projet", pooled=["locaux", "achats"], state="en-cours"
    )
    project.members.add(member)
    StudyFactory(title="Une étude", authors="Autrice", year=2022).poles.add(pole)
    PoleFiguresFactory(pole=pole, year=2023, jobs_fte="12.5", members=7, turnover_eur=123456)
    PoleFiguresFactory(
        pole=pole, year=2022, jobs_fte="3.0", jobs_fte_public=False, turnover_eur=654321
    )
    call = CallFactory(name="Appel de l’essai", kind="etat")
    ApplicationFactory(
        pole=pole,
        call=call,
        wave=WaveFactory(call=call, name="Vague 2023"),
        strand=StrandFactory(call=call, name="Volet subvention"),
        decision="laureat",
        amount_eur=100000,
    )
    return pole


def test_says_all_that_is_known(client: Client, full: Pole) -> None:
    words = read(client, "/poles/essais/")
    for said in (
        "Pôle <des> essais & Cie (PEC)",
        "Émergent (en 2021)",
        "« émergent (2021) »",
        "Un pôle d’essai.",
        "Seconde ligne.",
        "« mots d’origine »",
        "Pôle d’essai SCIC",
        "Site internet : essais.invalid",
        "Camille Essai",
        "1 rue des Essais",
        "le pays d’essai",
        "Morbihan (56)",
        "En zone rurale grille communale, au 1er janvier 2024",
        "Confirmée le 1er juin 2026",
        "liste confirmée complète le 2 juin 2026",
        "Reconnu, le 1er janvier 2026",
        "elle ne donne ni label, ni droit à une aide",
        "Mis en commun : locaux, achats",
        "Membres engagés : Membre actif",
        "Vague 2023 Volet subvention Lauréat, 100 000 €",
        "Une étude Autrice, 2022",
        "Réseau de référence d’essai",
        "Réseau accompagnateur",
        "source.invalid",
        "consultée le 12 mai 2025",
        "12 emplois",
        full.public_id,
    ):
        assert said in words, said
    assert "ne sait pas encore" not in words


def test_members_by_role_and_period(client: Client, full: Pole) -> None:
    words = read(client, "/poles/essais/")
    assert "3 membres actifs connus, structure porteuse comprise" in words
    assert "Structure porteuse Porteuse association depuis 2019" in words
    assert "Entité de l’ESS Membre actif depuis le 1er mars 2020" in words
    active, _, rest = words.partition("Partenaires")
    assert "ne comptent pas parmi ses membres actifs" in rest
    assert "Partenaire" not in active
    assert "Membre à venir nature non renseignée à partir de 2999" in rest
    former = rest.partition("Anciens membres")[2]
    assert "Ancien membre jusqu’en 2022" in former
    assert "organisation fermée le 1er mai 2023" in former


def test_organisation_not_to_be_named_is_masked(client: Client, full: Pole) -> None:
    html = client.get("/poles/essais/").content.decode()
    assert "Organisation non diffusible" in html
    assert "cachée" not in html
    assert "personne-cachee" not in html


def test_nothing_internal_is_shown(client: Client, full: Pole) -> None:
    html = client.get("/poles/essais/").content.decode()
    for secret in ("Dominique Agent", "motif interne", "123456", "123\u202f456", "654", "3,0"):
        assert secret not in html, secret
    words = words_of(html)
    assert "2023 12,5 – 7 – –" in words
    # Every figure of 2022 is for sums only: the year has no line.
    assert not re.search(r"\b2022 –", words)


def test_turnover_shows_when_the_pole_agrees(client: Client, full: Pole) -> None:
    full.figures.filter(year=2023).update(turnover_eur_public=True)
    assert "123 456 €" in read(client, "/poles/essais/").replace("\u202f", " ")


def test_linked_data_is_data_and_cannot_close_its_script(client: Client, full: Pole) -> None:
    full.refresh_from_db()
    full.name = "</script><script>alert(1)</script>"
    full.save()
    html = client.get("/poles/essais/").content.decode()
    assert "<script>alert" not in html
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data["@type"] == "Organization"
    assert data["name"] == "</script><script>alert(1)</script>"
    assert data["identifier"] == full.public_id
    assert [each["name"] for each in data["member"]] == ["Porteuse", "Membre actif"]
    assert 47 < data["location"]["geo"]["latitude"] < 48


def test_opengraph(client: Client) -> None:
    html = client.get(ARCHER).content.decode()
    assert re.search(r'<meta property="og:title"\s+content="Pôle Sud Archer"', html)
    assert "og:url" in html


@pytest.mark.parametrize("address", [BARE, ARCHER, RESTO])
def test_real_poles_are_clean_pages(client: Client, address: str) -> None:
    words = read(client, address)
    assert "Recueillie de pages publiques, non confirmée" in words
    assert "Non confirmée complète" in words


def test_barely_known_pole_gathers_what_is_not_known(client: Client) -> None:
    html = client.get(BARE).content.decode()
    headings = re.findall(
        r"<h2[^>]*>\s*(.*?)\s*</h2>", html.partition('id="content"')[2].partition("</main>")[0]
    )
    assert headings == [
        "La composition",
        "Ce que le registre ne sait pas encore",
        "Autres pôles de la région",
        "Sources",
        "Historique de la fiche",
        "Où",
        "Cette fiche",
    ]
    words = words_of(html)
    assert "Seule sa région est connue : Île-de-France." in words
    assert "qui sont ses membres" in words
    assert "les distances ne peuvent être données" in words
    assert "geo" not in re.findall(r"ld\+json\">(.*?)</script>", html)[0]


def test_pole_known_by_its_name_alone(client: Client) -> None:
    PoleFactory(name="Un nom", slug="un-nom", published=True)
    words = read(client, "/poles/un-nom/")
    assert "Lieu non renseigné" in words
    assert "dans quelle région il se trouve" in words


def test_real_members_say_what_the_source_says(client: Client) -> None:
    words = read(client, RESTO)
    assert "18 membres actifs connus" in words
    assert "liste non confirmée complète" in words
    assert "Depuis quand ils le sont n’est pas connu." in words
    assert "« traiteur solidaire » selon la source" in words


def test_anyone_may_correct_the_record(client: Client) -> None:
    assert 'href="/poles/poles-noe/corriger/"' in client.get("/poles/poles-noe/").content.decode()


def test_neighbours_are_the_nearest(client: Client) -> None:
    rows = context_of(client, ARCHER)["neighbours"].rows
    assert [row.distance for row in rows] == sorted(row.distance for row in rows)
    assert all(0 <= row.distance <= 100 and row.precision <= 1 for row in rows)
    assert rows[0].pole.name.startswith("La Place des Possibles")


@pytest.mark.parametrize("state", ["brouillon", "soumis"])
def test_what_is_not_published_is_nowhere(client: Client, state: str) -> None:
    PoleFactory(slug="cache", record_state=state)
    assert client.get("/poles/cache/").status_code == 404


def test_archived_pole_is_gone_and_says_why(client: Client) -> None:
    PoleFactory(
        name="Pôle retiré", slug="retire", record_state="archive", archive_reason="Doublon."
    )
    response = client.get("/poles/retire/")
    assert response.status_code == 410
    assert "Doublon." in response.content.decode()


def test_what_was_never_public_is_not_named_once_archived(client: Client) -> None:
    pole = PoleFactory(name="Pôle confidentiel", slug="confidentiel")
    pole.record_state, pole.archive_reason = "archive", "Doublon."
    pole.save()
    for address in ("/poles/confidentiel/", "/poles/confidentiel/corriger/"):
        response = client.get(address)
        assert response.status_code == 410
        assert "Doublon." in response.content.decode()
        assert "Pôle confidentiel" not in response.content.decode()
    known = PoleFactory(name="Pôle connu", slug="connu", published=True)
    known.record_state, known.archive_reason = "archive", "Doublon."
    known.save()
    assert "Pôle connu" in client.get("/poles/connu/").content.decode()


def test_old_address_leads_to_the_new_one(client: Client) -> None:
    pole = PoleFactory(slug="avant", published=True)
    pole.slug = "apres"
    pole.save()
    assert PoleFormerSlug.objects.filter(slug="avant").exists()
    response = client.get("/poles/avant/")
    assert response.status_code == 301
    assert response["Location"] == "/poles/apres/"
    # A merge is undone: the browser that was led on asks again.
    assert "no-cache" in response["Cache-Control"]


def test_old_address_of_what_is_no_longer_published(client: Client) -> None:
    pole = PoleFactory(slug="avant", published=True)
    pole.slug, pole.record_state, pole.archive_reason = "apres", "archive", "Fermé."
    pole.save()
    assert client.get("/poles/avant/").status_code == 410


@pytest.mark.parametrize("address", [BARE, ARCHER, "/poles/essais/"])
def test_statements_are_few_and_do_not_grow(client: Client, full: Pole, address: str) -> None:
    before = statements(client, address)
    assert before <= MAX_STATEMENTS
    pole = Pole.objects.get(slug=address.split("/")[2])
    for number in range(12):
        MembershipFactory(pole=pole)
        PoleSourceFactory(pole=pole)
        PoleThemeFactory(pole=pole)
        PoleProjectFactory(pole=pole).members.add(OrganisationFactory())
        PoleFiguresFactory(pole=pole, year=2000 + number, members=number)
        ApplicationFactory(pole=pole, decision="laureat")
        PoleFactory(published=True, seat=pole.seat)
    assert statements(client, address) == before
