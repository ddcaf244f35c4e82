"""What is held of a person, taken away in a file and erased in one act; archives stay."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pghistory
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now as moment

from calls.models import Application, Letter
from catalogue.personal.account import tables_of
from catalogue.personal.address import erase_under, held_under
from catalogue.personal.table import TABLE
from networks.leaving import erase
from networks.models import AccessRequest, Notice, User
from poles.comments import comment
from poles.drafts import keep_draft
from poles.merging.poles import merge_poles
from poles.models import Alert, Pole, Proposal, Report
from tests.call_factories import ExaminationFactory, LetterFactory, call_at, file_of
from tests.factories import (
    PASSWORD,
    NetworkStaffFactory,
    PoleFactory,
    ProposalFactory,
    ReportFactory,
    UserFactory,
)
from tests.keeping_factories import AccessRequestFactory

pytestmark = pytest.mark.django_db

EMAIL, NAME = "une.voisine@exemple.invalid", "Camille Voisine"
PAGE = "/admin/donnees-personnelles/"


def texts(content: bytes) -> dict[str, str]:
    """Each sheet of a workbook, as one text."""
    book = openpyxl.load_workbook(BytesIO(content))
    return {
        sheet.title: "\n".join(
            " | ".join("" if cell is None else str(cell) for cell in row)
            for row in sheet.iter_rows(values_only=True)
        )
        for sheet in book
    }


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def person() -> User:
    """Staff of a network, who wrote, and whose acts are in the history."""
    user = NetworkStaffFactory(user=UserFactory(email=EMAIL, full_name=NAME)).user
    pole = PoleFactory(name="Pôle d’essai", reference_network=user.staff_positions.get().network)
    auth.TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    UserSession.objects.create(user=user, session_key="cle-secrete", ip="192.0.2.7")
    Notice.objects.create(user=user, about="essai", subject="Une nouvelle", path="/espace/")
    comment(pole, "identite", "Le nom a changé.", by=user)
    with pghistory.context(user=user.pk, why="Appel du pôle"):
        pole.summary = "Autre résumé"
        pole.save()
    return user


def test_all_that_is_held_of_an_account(person: User) -> None:
    sheets = {
        table.title: "\n".join(" | ".join(map(str, row)) for row in table.rows)
        for table in tables_of(person)
    }
    assert EMAIL in sheets["Compte"]
    assert "Second facteur" in sheets["Compte"]
    assert str(person.staff_positions.get().network) in sheets["Compte"]
    assert "192.0.2.7" in sheets["Sessions"]
    assert "Une nouvelle" in sheets["Nouvelles"]
    assert "Le nom a changé." in sheets["Écrits et décisions"]
    assert "modification | Pôle | Pôle d’essai | Appel du pôle" in sheets["Historique"]
    # What opens an account is given to nobody.
    for secret in ("cle-secrete", "JBSWY3", person.password):
        assert secret not in "".join(sheets.values())


def test_what_others_did_is_not_theirs(person: User) -> None:
    other = UserFactory(officer=True)
    with pghistory.context(user=other.pk, why="Autre chose"):
        PoleFactory(name="Pôle d’un autre")
    comment(Pole.objects.get(name="Pôle d’essai"), "identite", "Je réponds.", by=other)
    said = str([list(table.rows) for table in tables_of(person)])
    for words in ("Pôle d’un autre", "Autre chose", "Je réponds.", other.email):
        assert words not in said


def test_one_takes_one_s_own_data(person: User, client: Client) -> None:
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=EMAIL, verified=True, primary=True)
    client.post("/compte/connexion/", {"login": EMAIL, "password": PASSWORD})
    assert "/compte/donnees/" in client.get("/compte/").content.decode()
    # Whoever finds the session open does not take them.
    asked = client.get("/compte/donnees/")
    assert asked["Location"].startswith("/compte/verification/")
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == "/compte/donnees/"
    taken = client.get("/compte/donnees/")
    assert taken.status_code == 200
    assert "no-store" in taken["Cache-Control"]
    assert ".xlsx" in taken["Content-Disposition"]
    sheets = texts(body(taken))
    assert list(sheets) == [
        *("Compte", "Sessions", "Nouvelles", "Écrits et décisions", "Historique")
    ]
    assert EMAIL in sheets["Compte"]


def test_an_administrator_takes_it_for_them(person: User, client: Client) -> None:
    client.force_login(UserFactory(administrator=True))
    page = client.get(reverse("admin:networks_user_change", args=[person.pk]))
    address = reverse("admin:account_data", args=[person.pk])
    assert address in page.content.decode()
    assert NAME in texts(body(client.get(address)))["Compte"]
    erase(person, by=person)
    assert client.get(address).status_code == 404


def test_what_an_officer_decided_keeps_the_number_and_loses_the_name() -> None:
    officer = UserFactory(officer=True, full_name=NAME)
    file = file_of(call_at(), received_on=date(2024, 3, 1))
    examination = ExaminationFactory(application=file, officer=officer)
    letter = LetterFactory(application=file, officer=officer, body=f"Un texte.\n\n{NAME}")
    erase(officer, by=officer)
    for row in (examination, letter):
        row.refresh_from_db()
        assert row.officer.pk == officer.pk
        assert str(row.officer) == "ancien agent du ministère"
    # A letter that was sent is what it was, its signature included: the table says so.
    assert letter.body.endswith(NAME)
    assert "courriers qu’il a signés" in {row.slug: row.until for row in TABLE}["appels"]


def left_everywhere(address: str = EMAIL, name: str = NAME) -> Application:
    """What a person of the public leaves, and a file of a call that names the address."""
    Alert.objects.create(email=address, frequency="jour")
    ProposalFactory(author_email=address)
    ReportFactory(author_email=address, author_name=name)
    AccessRequestFactory(email=address, full_name=name)
    PoleFactory(contact_name=name, contact_consent_on=date(2024, 1, 1), contact_email=address)
    file = file_of(call_at(), contact_email=address, received_on=date(2024, 3, 1))
    LetterFactory(application=file, address=address)
    return file


def test_an_address_is_erased_in_one_act_and_archives_stay() -> None:
    officer = UserFactory(officer=True)
    file = left_everywhere(address=EMAIL.upper())
    left_everywhere("autre@exemple.invalid", "Autre personne")
    held = held_under(EMAIL)
    assert {row.what for row in held if not row.stays} == {
        *("Alerte par courriel", "Correction", "Signalement", "Demande d’accès"),
        "Personne à contacter d’un pôle",
    }
    assert {row.what for row in held if row.stays} == {"Fiche d’un pôle", "Candidature", "Courrier"}
    assert erase_under(EMAIL, by=officer, reason="Demande du 3 mars") == 5
    left = held_under(EMAIL)
    assert {row.what for row in left} == {"Fiche d’un pôle", "Candidature", "Courrier"}
    assert Application.objects.get(pk=file.pk).contact_email.lower() == EMAIL
    assert Letter.objects.filter(address__iexact=EMAIL).exists()
    # Nobody else lost anything, and what was said still stands.
    assert len(held_under("autre@exemple.invalid")) == len(held)
    assert (Proposal.objects.count(), Report.objects.count()) == (2, 2)
    assert AccessRequest.objects.count() == 1
    event = Report.pgh_event_model.objects.filter(pgh_label="update").last()  # type: ignore[attr-defined]
    assert event is None or event.pgh_context.metadata["why"] == "Demande du 3 mars"


def test_a_contact_takes_back_consent_by_name() -> None:
    pole = PoleFactory(contact_name=NAME, contact_consent_on=date(2024, 1, 1))
    version = Pole.objects.get(pk=pole.pk).version
    assert [row.what for row in held_under(NAME.upper())] == ["Personne à contacter d’un pôle"]
    assert erase_under(NAME, by=UserFactory(officer=True)) == 1
    pole = Pole.objects.get(pk=pole.pk)
    assert (pole.contact_name, pole.contact_consent_on) == ("", None)
    assert pole.version == version + 1


def where_is(words: str) -> set[str]:
    """The tables a row of which holds ``words``, in whatever column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table} t"
            " WHERE strpos(lower(t::text), lower(%(words)s)) > 0)"
            for table in tables
        )
        cursor.execute(asked, {"words": words})
        return {name for (name,) in cursor.fetchall()}


def test_a_name_that_was_taken_back_is_nowhere_in_the_database() -> None:
    staff = NetworkStaffFactory().user
    pole = PoleFactory(contact_name=NAME, contact_consent_on=date(2024, 1, 1), summary="Résumé")
    pole.summary = "Autre résumé"
    pole.save()
    other = PoleFactory(summary="Double")
    merge_poles(other, pole, by=UserFactory(administrator=True), reason="Doublon")
    assert Pole.objects.get(pk=other.pk).contact_name == ""
    change = {"before": "", "after": NAME.upper()}
    for state in ("attente", "acceptee"):
        given = {"state": state, "decided_at": moment()} if state != "attente" else {}
        ProposalFactory(changes={"contact_name": change}, **given)
    keep_draft(staff, other, "contact", {"contact_name": [NAME]}, {"contact_name": NAME})
    assert where_is(NAME) == {"poles_pole", "poles_proposal", "poles_draft"}
    assert len(held_under(NAME)) == 4
    assert erase_under(NAME, by=UserFactory(officer=True)) == 4
    assert where_is(NAME) == set()
    assert held_under(NAME) == []


def test_nothing_is_erased_by_who_may_not_or_for_nothing() -> None:
    left_everywhere()
    with pytest.raises(PermissionDenied):
        erase_under(EMAIL, by=NetworkStaffFactory(role="responsable").user)
    for words in ("", "  ", "voisine", "%"):
        assert held_under(words) == []
        assert erase_under(words, by=UserFactory(officer=True)) == 0


def test_the_page_shows_takes_and_erases(client: Client) -> None:
    client.force_login(UserFactory(officer=True))
    left_everywhere()
    assert EMAIL not in client.get(PAGE).content.decode()
    page = client.post(PAGE, {"mot": EMAIL}).content.decode()
    assert "Ce qui s’efface&nbsp;: 5" in page
    assert "archive publique" in page
    taken = texts(body(client.post(PAGE, {"mot": EMAIL, "acte": "exporter"})))
    assert list(taken) == ["Ce que le registre garde"]
    assert "archive publique" in taken["Ce que le registre garde"]
    done = client.post(PAGE, {"mot": EMAIL, "acte": "effacer"}, follow=True)
    assert "Effacé\u00a0: 5 lignes." in done.content.decode()
    # The address is never in an address of the site, which logs would keep.
    assert done.redirect_chain == [(PAGE, 302)]


def test_an_officer_does_not_take_the_account_of_an_address(person: User, client: Client) -> None:
    for who, sheets in (("officer", 1), ("administrator", 6)):
        client.force_login(UserFactory(**{who: True}))
        taken = texts(body(client.post(PAGE, {"mot": EMAIL, "acte": "exporter"})))
        assert len(taken) == sheets
