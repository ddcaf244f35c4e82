"""The calls for projects: announced beside identified, and the poles by decision."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.public import forget_pages
from territories.models import Territory
from tests.call_factories import CallDocumentFactory, advance, call_at, file_of, laureate
from tests.directory.records import MAX_STATEMENTS, context_of, read, statements
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    OrganisationFactory,
    PoleFactory,
    StrandFactory,
    WaveFactory,
)

pytestmark = pytest.mark.django_db

AMI = "/appels-a-projets/ami-2021/"


def test_list_says_announced_and_identified(client: Client) -> None:
    words = read(client, "/appels-a-projets/")
    assert "le registre ne connaît aucun appel ouvert" in words
    assert "Projets accompagnés Projets accompagnés, annoncés 107" in words
    assert "Appel permanent, ouvert le 12 mai 2021, date de clôture non renseignée." in words
    assert "Du 21 avril 2015 au 30 juin 2015." in words


def test_call_known_by_its_name_alone_has_no_pair(client: Client) -> None:
    call = CallFactory(name="Appel cité", code="cite")
    ApplicationFactory(call=call, pole=PoleFactory(published=True), decision="laureat")
    words = read(client, "/appels-a-projets/cite/")
    assert "1 pôle identifié dans le registre, dont 1 lauréat. Aucun nombre annoncé" in words
    assert "Enveloppe non renseignée" in words


def test_real_call(client: Client) -> None:
    words = read(client, AMI)
    assert "Enveloppe 1 500 000 €" in words.replace("\u202f", " ")
    assert "100 000 € sur 2 ans" in words.replace("\u202f", " ")
    assert "Permanent jusqu'en mai 2023" in words
    laureates, _, supported = words.partition("Les pôles identifiés")[2].partition(
        "Projets accompagnés"
    )
    assert "Stras Éco Rénov" in laureates
    assert "Stras Éco Rénov" in supported
    assert "Non établie" in words


def test_pairs_count_poles_once_and_published_only(client: Client) -> None:
    call = CallFactory(code="essai", announced_laureates=5, announced_candidates=9)
    pole = PoleFactory(published=True)
    ApplicationFactory(call=call, pole=pole, decision="laureat")
    ApplicationFactory(call=call, pole=PoleFactory(name="Brouillon secret"), decision="laureat")
    refused = {"decision": "refuse", "imported": True}
    ApplicationFactory(call=call, pole=PoleFactory(published=True), **refused)
    response = client.get("/appels-a-projets/essai/")
    pairs = {pair["what"]: pair["identified"] for pair in response.context["pairs"]}
    assert pairs == {"Candidats": 2, "Lauréats": 1}
    assert "Brouillon secret" not in response.content.decode()


def test_open_calls_come_first(client: Client) -> None:
    today = timezone.localdate()
    day = timedelta(days=1)
    CallFactory(code="fini", opens_on=today - 2 * day, closes_on=today - day)
    CallFactory(code="dernier-jour", opens_on=today - day, closes_on=today)
    CallFactory(code="demain", opens_on=today + day, closes_on=today + 2 * day)
    call_at("ouvert", code="permanent", opens_on=today - day, permanent=True)
    call_at("preparation", code="prepare", opens_on=today - day)
    call_at("instruction", code="instruit", opens_on=today - day, closes_on=today)
    # Of an older permanent call nobody told the end: it is not held open.
    CallFactory(code="ancien", opens_on=today - day, permanent=True)
    context = context_of(client, "/appels-a-projets/")
    assert {each["call"].code for each in context["open"]} == {"dernier-jour", "permanent"}


def test_a_call_that_is_being_prepared_is_nobodys_business(client: Client) -> None:
    call_at("preparation", code="prepare", name="Appel secret", kind="etat", announced_laureates=9)
    assert client.get("/appels-a-projets/prepare/").status_code == 404
    assert client.get("/appels-a-projets/prepare/resultats.pdf").status_code == 404
    for page in ("/", "/appels-a-projets/", "/plan-du-site/", "/sitemap-appels.xml", "/poles/"):
        words = client.get(page, follow=True).content.decode()
        assert "Appel secret" not in words
        assert "appels-a-projets/prepare/" not in words
        assert 'value="prepare"' not in words


def test_nothing_of_a_decision_is_told_before_it_is_published(client: Client) -> None:
    """Neither its number, nor whom it would pay."""
    before = client.get("/").context["identified"]
    call = call_at(kind="etat", code="mene")
    pole = PoleFactory(published=True)
    held = {"pole": pole, "beneficiary": OrganisationFactory(slug="aidee")}
    laureate(file_of(call, **held), 1000)
    forget_pages()
    assert client.get("/").context["identified"] == before
    assert client.get("/membres/aidee/").status_code == 404
    advance(call, "decide")
    forget_pages()
    assert client.get("/").context["identified"] != before
    assert client.get("/membres/aidee/").status_code == 200


def test_who_applied_is_told_only_where_it_was_published(
    client: Client, settle: Callable[[], None]
) -> None:
    call = CallFactory(code="ailleurs")
    for name, values in (
        ("Zorglub refusé", {"decision": "refuse"}),
        ("Zorglub candidat", {}),
        ("Zorglub connu", {"decision": "refuse", "imported": True}),
        ("Zorglub lauréat", {"decision": "laureat"}),
    ):
        ApplicationFactory(call=call, pole=PoleFactory(name=name, published=True), **values)
    settle()
    for page in ("/appels-a-projets/ailleurs/", "/poles/?appel=ailleurs"):
        words = read(client, page)
        told = {
            each
            for each in ("refusé", "candidat", "connu", "lauréat")
            if f"Zorglub {each}" in words
        }
        assert told == {"connu", "lauréat"}


def test_call_run_in_the_registry_tells_whom_it_retained_once_decided(
    client: Client, settle: Callable[[], None]
) -> None:
    today = timezone.localdate()
    call = call_at(code="mene", opens_on=today - timedelta(days=9))
    retained = PoleFactory(name="Zorglub retenu", slug="retenu", published=True)
    refused = PoleFactory(name="Zorglub écarté", slug="ecarte", published=True)
    for pole, decision in ((retained, "laureat"), (refused, "refuse")):
        file_of(call, pole=pole, decision=decision, decided_on=today)
    pages = ("/appels-a-projets/mene/", "/poles/?appel=mene")
    for page in pages:
        assert not {"Zorglub retenu", "Zorglub écarté"} & named_in(read(client, page))
    assert "/appels-a-projets/mene/" not in client.get("/poles/retenu/").content.decode()
    advance(call, "decide")
    settle()
    assert "Aucun nombre annoncé" not in read(client, pages[0])
    for page in pages:
        assert {"Zorglub retenu", "Zorglub écarté"} & named_in(read(client, page)) == {
            "Zorglub retenu"
        }
    assert "/appels-a-projets/mene/" in client.get("/poles/retenu/").content.decode()
    assert "/appels-a-projets/mene/" not in client.get("/poles/ecarte/").content.decode()


def test_each_wave_of_a_permanent_call_tells_its_own(client: Client) -> None:
    call = call_at("ouvert", code="permanent", permanent=True)
    waves = [WaveFactory(call=call), WaveFactory(call=call)]
    for wave, name in zip(waves, ("Zorglub premier", "Zorglub second"), strict=True):
        advance(wave, "instruction")
        pole = PoleFactory(name=name, published=True)
        file_of(call, wave=wave, pole=pole, decision="laureat", decided_on=timezone.localdate())
    advance(waves[0], "decide")
    for page in ("/appels-a-projets/permanent/", "/poles/?appel=permanent"):
        assert {"Zorglub premier", "Zorglub second"} & named_in(read(client, page)) == {
            "Zorglub premier"
        }


def named_in(page: str) -> set[str]:
    return {
        name
        for name in ("Zorglub retenu", "Zorglub écarté", "Zorglub premier", "Zorglub second")
        if name in page
    }


def test_pages_of_poles(client: Client) -> None:
    call = CallFactory(code="grand")
    for _ in range(60):
        ApplicationFactory(call=call, pole=PoleFactory(published=True), imported=True)
    assert len(context_of(client, "/appels-a-projets/grand/")["page_obj"]) == 50
    assert len(context_of(client, "/appels-a-projets/grand/?page=2")["page_obj"]) == 10
    read(client, "/appels-a-projets/grand/?page=2")


@pytest.mark.parametrize("page", ["0", "-1", "abc", "999", "1e5", ""])
def test_any_page_number_is_answered(client: Client, page: str) -> None:
    assert client.get(AMI, {"page": page}).status_code == 200


def test_unknown_call(client: Client) -> None:
    assert client.get("/appels-a-projets/nulle-part/").status_code == 404


@pytest.mark.parametrize("address", ["/appels-a-projets/", AMI])
def test_statements_are_few_and_do_not_grow(client: Client, address: str) -> None:
    from calls.models import Call

    before = statements(client, address)
    assert before <= MAX_STATEMENTS
    call = Call.objects.get(code="ami-2021")
    for _ in range(30):
        ApplicationFactory(call=call, pole=PoleFactory(published=True), imported=True)
        CallFactory()
    assert statements(client, address) == before


def test_a_call_tells_who_may_apply_and_until_when(client: Client) -> None:
    today = timezone.localdate()
    day = timedelta(days=1)
    call = call_at(
        "ouvert",
        code="ouvert",
        opens_on=today,
        closes_on=today + 12 * day,
        composition_rule="decret-2015",
        private_law_required=True,
        first_support_required=True,
        opinion_required=True,
        conditions="Un projet de deux ans.",
    )
    words = read(client, "/appels-a-projets/ouvert/")
    for said in (
        "Encore 12 jours.",
        "Au moins 3\u00a0membres".replace("\u00a0", " "),
        "entreprise de l’ESS",
        "article 3, 2°, du décret n° 2015-431",
        "personne morale de droit privé",
        "pas déjà été soutenu",
        "avis régional",
        "Un projet de deux ans.",
        "seront publiés ici une fois l’appel décidé",
        "le registre, où cet appel est conduit",
    ):
        assert said in words
    assert "Ces pôles dans la liste" not in words
    assert "Encore 12 jours." in read(client, "/appels-a-projets/")
    advance(call, "decide")
    forget_pages()
    words = read(client, "/appels-a-projets/ouvert/")
    assert "décidé" in words
    assert "Encore 12 jours" not in words
    assert "Aucun pôle du registre" in words


def test_a_call_tells_what_it_funds_its_strands_and_its_documents(client: Client) -> None:
    call = call_at(
        "ouvert",
        code="finance",
        funds="Un ingénieur de projet.",
        award_min_eur=10_000,
        award_max_eur=50_000,
        award_years=2,
    )
    StrandFactory(call=call, name="Subvention", envelope_eur=240_000)
    CallDocumentFactory(call=call, title="Dossier type", url="https://exemple.fr/dossier.odt")
    words = read(client, "/appels-a-projets/finance/").replace("\u202f", " ")
    for said in (
        "Un ingénieur de projet.",
        "Chaque lauréat reçoit une aide de 10 000 € à 50 000 € sur 2 ans.",
        "Subvention, enveloppe de 240 000 €",
        "Dossier type",
    ):
        assert said in words
    assert "Des aides de 100 000 € sur 2 ans ont été observées." in read(client, AMI).replace(
        "\u202f", " "
    )
    words = read(client, "/appels-a-projets/ami-2025/")
    assert "ne sait pas encore ce que cet appel finance" in words
    # Nobody is known in it: no list and no map of nobody.
    assert "Ces pôles dans la liste" not in words


def test_what_became_of_the_poles_of_a_call_is_counted(client: Client) -> None:
    call = CallFactory(code="devenir")
    for maturity in ("existant", "existant", "clos", "non-renseigne"):
        pole = PoleFactory(published=True, maturity=maturity)
        ApplicationFactory(call=call, pole=pole, decision="laureat", imported=True)
    told = "De ces 4 pôles, les fiches disent aujourd’hui, à la date que donne chacune : "
    words = read(client, "/appels-a-projets/devenir/")
    assert f"{told}2 existants, 1 clos, 1 de maturité non renseignée." in words
    # Each pole once, however many strands of the call it was in.
    assert "De ces 20 pôles, les fiches" in read(client, AMI)


def test_the_last_day_is_said(client: Client) -> None:
    call_at("ouvert", code="fin", opens_on=timezone.localdate(), closes_on=timezone.localdate())
    assert "Dernier jour aujourd’hui." in read(client, "/appels-a-projets/fin/")
    assert "Aucune règle de composition n’est établie" in read(client, AMI)
    assert "l’appel est antérieur à la loi" in read(client, "/appels-a-projets/aap-2013/")


def test_a_call_shows_its_poles_on_a_map_and_what_became_of_them(client: Client) -> None:
    place = Territory.objects.get(kind="commune", code="56260")
    call = CallFactory(code="carte")
    known = {"maturity": "emergent", "maturity_year": 2021}
    pole = PoleFactory(name="Zorglub", published=True, seat=place, **known)
    ApplicationFactory(call=call, pole=pole, decision="laureat", amount_eur=50_000)
    gone = PoleFactory(name="Disparu", record_state="archive", archive_reason="Dissous.")
    ApplicationFactory(call=call, pole=gone, decision="laureat")
    shut = PoleFactory(name="Écarté", record_state="archive", archive_reason="Dissous.")
    ApplicationFactory(call=call, pole=shut, decision="refuse")
    response = client.get("/appels-a-projets/carte/")
    assert response.context["map"]["query"] == "appel=carte"
    drawn = {each["code"]: each["count"] for each in response.context["map"]["drawn"]["regions"]}
    assert drawn.pop("53") == 1
    assert set(drawn.values()) == {0}
    forget_pages()
    words = read(client, "/appels-a-projets/carte/")
    assert "Sa fiche aujourd’hui : émergent (en 2021)" in words
    assert "Disparu Lauréat Sa fiche aujourd’hui : archivée" in words
    assert "Écarté" not in words
    # An open call has nobody to show.
    call_at("ouvert", code="vide", opens_on=timezone.localdate())
    assert client.get("/appels-a-projets/vide/").context["map"] is None


def test_a_permanent_call_tells_each_wave_to_the_day_and_what_is_left_of_it(client: Client) -> None:
    today = timezone.localdate()
    call = call_at("ouvert", code="permanent", opens_on=today, permanent=True)
    first = WaveFactory(
        call=call, name="Vague 1", opens_on=today, closes_on=today + timedelta(days=9)
    )
    WaveFactory(call=call, name="Vague 2", opens_on="2050-01-01", closes_on="2050-12-31")
    advance(first, "ouvert")
    words = read(client, "/appels-a-projets/permanent/")
    assert "Vague 2 : du 1er janvier 2050 au 31 décembre 2050, étape : en préparation." in words
    assert "seront publiés ici une fois leur vague décidée" in words
    for page in ("/appels-a-projets/permanent/", "/appels-a-projets/"):
        assert "Vague 1 : encore 9 jours." in read(client, page)
    advance(first, "decide")
    forget_pages()
    words = read(client, "/appels-a-projets/permanent/")
    assert "encore 9 jours" not in words
    assert "seront publiés" not in words
