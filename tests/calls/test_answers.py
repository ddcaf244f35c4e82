"""A question of figures, through the pages: asked, given again, made anew, found again."""

from csv import reader
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from calls.answers import wording
from calls.models import ParliamentaryAnswer
from networks.models import User
from tests.breaking import update
from tests.call_factories import AnswerFactory, call_at, file_of, satisfied_pole
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CommuneFactory,
    InstalmentFactory,
    PoleFactory,
    UserFactory,
)
from tests.html import html_findings

pytestmark = pytest.mark.django_db

PAGE = "/admin/reponse/"
TODAY = timezone.localdate()
THEN = date(2023, 12, 31)


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory(officer=True, full_name="Odile Agente"))
    return client


def asked(client: Client, day: date = THEN, **where: str) -> Any:
    answer = client.post(PAGE, {"jour": f"{day:%Y-%m-%d}", **where})
    assert answer.status_code == 302, answer.context["form"].errors
    return client.get(answer["Location"])


def figure(page: Any, key: str) -> dict[str, Any]:
    kept = page.context["answer"].figures["figures"]
    return next(each for each in kept if each["key"] == key)


def test_a_call_of_the_past_is_answered_with_what_was_announced(officer: Client) -> None:
    page = asked(officer, appel="ami-2023")
    assert (figure(page, "laureates")["value"], figure(page, "laureates")["announced"]) == (
        "7",
        "15",
    )
    assert figure(page, "engaged")["words"] == "700\u202f000\u00a0€"
    assert figure(page, "eligible")["apart"][0]["words"] == (
        "7\u00a0candidats dont on ne sait pas l’éligibilité"
    )
    words = page.content.decode()
    assert "l’organisateur a annoncé 72\u00a0candidats, 15\u00a0lauréats" in words
    assert "67 ou 72 selon les sources" in words
    # Of a part of it, nobody announced anything.
    page = asked(officer, appel="ami-2023", region="53")
    assert figure(page, "candidates")["announced_words"] == "non annoncé"
    # On a day before its results, nothing of them had come.
    page = asked(officer, date(2023, 9, 1), appel="ami-2023")
    assert (figure(page, "laureates")["value"], figure(page, "laureates")["announced"]) == (
        "0",
        None,
    )


def test_what_has_no_date_is_said_apart(officer: Client) -> None:
    page = asked(officer)
    apart = {each["why"]: each for each in figure(page, "supported")["apart"]}
    assert (figure(page, "supported")["value"], apart["sans-date"]["number"]) == ("0", "20")
    assert "107\u00a0accompagnés d’une annonce" in apart["annonce-sans-date"]["words"]
    # Recorded since, it had come by then.
    assert figure(asked(officer, TODAY), "supported")["value"] == "20"


def test_a_call_run_here_from_candidates_to_payments(officer: Client) -> None:
    call = call_at(kind="etat", name="Appel en cours")
    pole = satisfied_pole(published=True, founding_year=2020)
    file = file_of(call, pole=pole, received_on=TODAY)
    other = file_of(call, received_on=TODAY, eligible=None)
    update(file, decision="laureat", decided_on=TODAY, amount_eur="1500.50")
    question = {"appel": call.code}
    page = asked(officer, TODAY, **question)
    update(other, decision="refuse", decided_on=TODAY)
    # Before the call is decided, its grid is nobody's news.
    assert figure(page, "laureates")["value"] == "0"
    assert figure(page, "laureates")["apart"][0]["words"].startswith("1\u00a0lauréat d’un appel")
    assert "n’était pas fini" in page.content.decode()
    update(call, state="decide")
    InstalmentFactory(application=file, amount_eur="500.50", state="verse", paid_on=TODAY)
    InstalmentFactory(application=file, amount_eur=1000)
    page = asked(officer, TODAY, **question)
    assert figure(page, "laureates")["value"] == "0"
    told = {each["name"]: each["now"]["words"] for each in page.context["differences"]}
    assert told == {
        "Lauréats": "1",
        "Euros engagés": "1\u202f500,50\u00a0€",
        "Euros versés": "500,50\u00a0€",
    }
    first = page.context["answer"]
    address = page.request["PATH_INFO"]
    assert "Dites pourquoi" in officer.post(address, {"reason": " "}).content.decode()
    page = officer.post(address, {"reason": "Appel décidé le soir."}, follow=True)
    assert page.context["answer"].edition == 2
    assert figure(page, "laureates")["value"] == "1"
    assert page.context["differences"] == []
    assert "Appel décidé le soir." in page.content.decode()
    # From now on it is the answer; the first stays as it was.
    assert asked(officer, TODAY, **question).context["answer"].edition == 2
    page = officer.get(address)
    assert page.context["answer"].text == first.text
    assert "Une édition plus récente existe" in page.content.decode()
    again = officer.post(address, {"reason": "Une autre raison."})
    assert "Une autre édition vient d’être faite" in again.content.decode()


def test_recognition_is_that_of_the_day(officer: Client) -> None:
    pole = satisfied_pole(published=True, founding_year=2019)
    code = pole.seat.departement.code
    for state, day in (("reconnu", "2022-05-01"), ("regularisation", "2024-05-01")):
        update(
            pole,
            recognition=state,
            recognition_on=day,
            recognition_reason="Motif",
            regularise_by="2024-11-01" if state == "regularisation" else None,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    found = [
        figure(asked(officer, date(year, 12, 31), departement=code), "recognised")
        for year in (2021, 2023, 2024)
    ]
    assert [each["value"] for each in found] == ["0", "1", "0"]
    assert [each["words"] for each in found[2]["apart"]] == ["1\u00a0pôle en régularisation"]


def test_the_files_say_what_the_page_says(officer: Client) -> None:
    page = asked(officer, appel="aap-2015")
    address = page.request["PATH_INFO"]
    lines = list(
        reader(StringIO(officer.get(f"{address}csv/").content.decode("utf-8-sig")), delimiter=";")
    )
    assert lines[1][:3] == ["Candidats", "7", "125"]
    assert "14, le 14 janvier 2016 (https://" in lines[3][3]
    assert lines[1][6] == "31/12/2023"
    book = load_workbook(BytesIO(officer.get(f"{address}xlsx/").content))
    assert [sheet.title for sheet in book] == ["Chiffres", "Texte et notes"]
    assert book["Chiffres"]["B2"].value == 7
    pdf = officer.get(f"{address}pdf/")
    assert pdf["Content-Type"] == "application/pdf"
    assert b"pdfuaid" in pdf.content
    for form in ("csv", "pdf"):
        again = officer.get(f"{address}{form}/").content
        assert again == officer.get(f"{address}{form}/").content


@pytest.mark.parametrize(
    ("typed", "name", "said"),
    [
        ({"jour": f"{TODAY + timedelta(days=1):%Y-%m-%d}"}, "jour", "à venir"),
        ({"jour": "demain"}, "jour", "date"),
        ({"jour": ""}, "jour", "obligatoire"),
        ({"appel": "aap-1900"}, "appel", "choix"),
        ({"region": "53", "departement": "01"}, "departement", "n’est pas dans la région"),
    ],
)
def test_a_wrong_question_is_said_and_not_lost(
    officer: Client, typed: dict[str, str], name: str, said: str
) -> None:
    page = officer.post(PAGE, {"jour": f"{THEN:%Y-%m-%d}", "theme": "", **typed})
    assert page.status_code == 200
    assert said in str(page.context["form"].errors[name])
    assert not ParliamentaryAnswer.objects.exists()


def test_a_departement_says_its_region(officer: Client) -> None:
    first = asked(officer, departement="35").context["answer"]
    assert asked(officer, departement="35", region="53").context["answer"] == first
    assert first.perimeter == "Département Ille-et-Vilaine (35)"


def test_answers_are_found_again(officer: Client) -> None:
    asked(officer, region="53")
    AnswerFactory(asked_by=UserFactory(full_name="Une autre"), day=date(2020, 1, 1))
    for words, number in (
        ("bretagne", 1),
        ("31/12/2023", 1),
        ("2020-01-01", 1),
        ("odile", 1),
        ("une AUTRE", 1),
        ("99/99/2023", 0),
        ("", 2),
    ):
        page = officer.get(PAGE, {"q": words})
        assert page.context["page"].paginator.count == number, words


def test_pages_cost_the_same_with_many_rows(officer: Client) -> None:
    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page = officer.get(address)
        assert page.status_code == 200
        found = html_findings(page.content.decode())
        assert [each for each in found if "style" in each or "handler" in each] == []
        return len(captured)

    address = asked(officer).request["PATH_INFO"]
    few = statements(PAGE), statements(address)
    call = CallFactory(kind="etat")
    for number in range(8):
        pole = PoleFactory(published=True, seat=CommuneFactory())
        file = ApplicationFactory(call=call, pole=pole, imported=True)
        AnswerFactory(day=date(2001, 1, 1 + number), asked_by=UserFactory())
        InstalmentFactory(application=file, state="verse", paid_on=THEN)
        latest = AnswerFactory(edition=number + 2, reason="Motif")
    assert (statements(PAGE), statements(latest.get_absolute_url())) == few
    assert max(few) <= 12


def test_whoever_may_only_look_asks_nothing(officer: Client, monkeypatch: Any) -> None:
    address = asked(officer).request["PATH_INFO"]
    monkeypatch.setattr(User, "is_officer", property(lambda user: False))
    monkeypatch.setattr(User, "is_staff", property(lambda user: True))
    monkeypatch.setattr(User, "has_perm", lambda user, perm, obj=None: ".view_" in perm)
    for page in (PAGE, address):
        words = officer.get(page).content.decode()
        assert "Seul un agent du ministère" in words
        assert "Répondre</" not in words
        assert officer.post(page, {"jour": f"{THEN:%Y-%m-%d}", "reason": "Oui"}).status_code == 403
    assert officer.get(f"{address}csv/").status_code == 200
    assert ParliamentaryAnswer.objects.count() == 1


def test_numbers_are_written_as_french_writes_them() -> None:
    assert wording.number(1_234_567) == "1\u202f234\u202f567"
    assert wording.euros(1234) == "1\u202f234\u00a0€"
    assert [wording.counted(n, "pôle", "pôles") for n in (0, 1, 2)] == [
        "aucun pôle",
        "1\u00a0pôle",
        "2\u00a0pôles",
    ]
    assert wording.listed(["a", "b", "c"]) == "a, b et c"
