"""What follows an award: instalments on the page of the file, and who has given no news."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.following import due_lines, silent_laureates
from calls.models import Application, Call, DueTold
from calls.reminding import remind
from calls.support import Kind, months_after
from networks.notices import choose
from tests.call_factories import EvaluationFactory, advance, call_at, file_of
from tests.factories import (
    ApplicationFactory,
    InstalmentFactory,
    PoleFiguresFactory,
    UserFactory,
)
from tests.forms import fields_of, filled

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LONG_AGO = months_after(TODAY, -6)
LATELY = LONG_AGO + timedelta(days=1)
MONTH = timedelta(days=30)
PAGE = "/admin/calls/application/suivi/"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory(officer=True))
    return client


def laureate_of(call: Call | None = None, **values: Any) -> Application:
    given = {"decision": "laureat", "decided_on": LONG_AGO, "amount_eur": 1000, **values}
    return file_of(call or call_at(), **given)


def test_a_laureate_without_news_comes_up_by_itself(officer: Client) -> None:
    silent = laureate_of()
    laureate_of(decided_on=LATELY)
    laureate_of(agreement_on=LATELY)
    paid = laureate_of()
    InstalmentFactory(application=paid, state="verse", paid_on=LATELY)
    evaluated = laureate_of()
    EvaluationFactory(application=evaluated, held_on=LATELY)
    ended = laureate_of()
    EvaluationFactory(application=ended, kind="finale", held_on=LONG_AGO)
    planned = laureate_of()
    EvaluationFactory(application=planned, kind="finale", held_on=None, planned_on=TODAY)
    file_of(call_at(), decision="refuse", decided_on=LONG_AGO)
    ApplicationFactory(decision="laureat", decided_on=LONG_AGO, imported=True)
    closed = laureate_of()
    advance(closed.call, "clos")
    assert list(silent_laureates(TODAY)) == [silent, planned]
    # What is only planned is no news.
    InstalmentFactory(application=silent, planned_on=TODAY)
    assert list(silent_laureates(TODAY)) == [silent, planned]
    assert silent.pole.name in officer.get(PAGE).content.decode()


def asked_of(file: Application, *kinds: Kind, today: date = TODAY) -> list[tuple[str, Any]]:
    return [
        (line.words, line.on)
        for line in due_lines(today)
        if line.file == file and (not kinds or line.kind in kinds)
    ]


def test_payments_due_and_suspended_are_listed(officer: Client) -> None:
    file = laureate_of(decided_on=TODAY)
    given = {"application": file, "amount_eur": 100}
    InstalmentFactory(planned_on=TODAY + MONTH, **given)
    InstalmentFactory(planned_on=TODAY - MONTH, **given)
    InstalmentFactory(planned_on=TODAY + MONTH * 2, **given)
    InstalmentFactory(state="suspendu", reason="Comité non tenu.", **given)
    assert asked_of(file, Kind.INSTALMENT, Kind.SUSPENDED) == [
        ("versement de 100\u00a0€", TODAY - MONTH),
        ("versement de 100\u00a0€", TODAY + MONTH),
        ("100\u00a0€ suspendus\u00a0: Comité non tenu.", None),
    ]
    words = officer.get(PAGE).content.decode()
    assert "en retard de 30 jours" in words
    assert "#instalments-group" in words
    assert "Comité non tenu." in words


def test_those_who_are_late_are_reminded_at_once_with_what_is_awaited(officer: Client) -> None:
    call = call_at()
    late, other = laureate_of(call), laureate_of(call, decided_on=LATELY)
    address = reverse("admin:calls_call_letters", args=[call.pk])
    assert f'href="{address}?nature=relance"' in officer.get(PAGE).content.decode()
    fields = fields_of(officer.get(f"{address}?nature=relance"))
    assert fields["dossier"] == [str(late.pk)]
    assert fields[f"motifs-{late.pk}"] == [
        f"– des nouvelles du pôle (aucune nouvelle depuis le {LONG_AGO:%d/%m/%Y})"
    ]
    assert fields[f"motifs-{other.pk}"] == [""]


def test_what_a_support_asks_for_until_its_end(officer: Client) -> None:
    begins = date(2024, 3, 15)
    today = date(2026, 2, 20)
    file = laureate_of(call_at(award_years=2), decided_on=begins)
    given = {"application": file, "author": "Cabinet Tiers"}
    EvaluationFactory(held_on=date(2025, 10, 2), **given)
    PoleFiguresFactory(pole=file.pole, year=2024, members=12)
    # An empty row is no figures.
    PoleFiguresFactory(pole=file.pole, year=2025, members=None, jobs_fte=None)
    planned = EvaluationFactory(held_on=None, planned_on=date(2026, 3, 1), **given)
    assert asked_of(file, today=today) == [
        ("1ᵉʳ comité de suivi de la 1ʳᵉ année", date(2024, 9, 15)),
        ("2ᵉ comité de suivi de la 1ʳᵉ année", date(2025, 3, 14)),
        ("chiffres de 2025", date(2026, 1, 31)),
        ("comité de suivi prévu", date(2026, 3, 1)),
        ("évaluation finale par un tiers", date(2026, 3, 14)),
    ]
    page = officer.get(reverse("admin:calls_application_change", args=[file.pk]))
    words = " ".join(page.content.decode().split())
    assert "1ʳᵉ année, du 15/03/2024 au 14/03/2025" in words
    assert "2024 connus" in words
    assert "2025 non renseignés" in words
    # Planned, the evaluation is waited for; held, it ends what is followed.
    final = EvaluationFactory(kind="finale", held_on=None, planned_on=date(2026, 3, 10), **given)
    assert ("évaluation finale prévue", date(2026, 3, 10)) in asked_of(file, today=today)
    assert asked_of(file, Kind.FINAL, today=today) == [
        ("évaluation finale prévue", date(2026, 3, 10))
    ]
    final.held_on, final.text = date(2026, 2, 19), "Un bilan."
    final.save()
    assert asked_of(file, today=today) == []
    assert planned.pk


def test_the_page_is_filtered_by_call_and_by_what_is_asked(officer: Client) -> None:
    one, other = laureate_of(), laureate_of()
    InstalmentFactory(application=one, planned_on=TODAY)

    def shown(address: str) -> list[tuple[Application, str]]:
        return [(line.file, line.kind) for line, _ in officer.get(address).context["lines"]]

    assert {file for file, _ in shown(PAGE)} == {one, other}
    assert {file for file, _ in shown(f"{PAGE}?appel={one.call.code}")} == {one}
    assert shown(f"{PAGE}?appel={one.call.code}&quoi=versement") == [(one, "versement")]
    # What is unknown leaves its filter off.
    assert {file for file, _ in shown(f"{PAGE}?appel=rien&quoi=tout")} == {one, other}


def test_the_page_costs_the_same_with_many_laureates(officer: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(PAGE).status_code == 200
        return len(captured)

    call = call_at()
    InstalmentFactory(application=laureate_of(call), planned_on=TODAY)
    statements()
    few = statements()
    for _ in range(12):
        InstalmentFactory(application=laureate_of(call), planned_on=TODAY)
    assert statements() == few <= 12


def test_a_file_with_its_committees_costs_as_many_statements(officer: Client) -> None:
    def statements(file: Application) -> int:
        with CaptureQueriesContext(connection) as captured:
            url = reverse("admin:calls_application_change", args=[file.pk])
            assert officer.get(url).status_code == 200
        return len(captured)

    few, many = laureate_of(), laureate_of()
    for _ in range(6):
        EvaluationFactory(application=many, held_on=TODAY)
        InstalmentFactory(application=many, amount_eur=10)
    statements(few)
    assert statements(many) == statements(few) <= 12


def test_officers_are_told_once_of_each_thing(mailoutbox: list[Any]) -> None:
    officer, quiet, other = UserFactory(officer=True), UserFactory(officer=True), UserFactory()
    choose(quiet, "aucun")
    file = laureate_of()

    def told() -> list[str]:
        assert not {quiet.email, other.email} & {address for m in mailoutbox for address in m.to}
        return [mail.body for mail in mailoutbox if mail.to == [officer.email]]

    assert remind(TODAY) == len(asked_of(file)) >= 2
    [first] = told()
    for words in (file.pole.name, "aucune nouvelle depuis", PAGE):
        assert words in first
    assert remind(TODAY) == 0
    InstalmentFactory(application=file, planned_on=TODAY, amount_eur=10)
    call_command("remind_following", stdout=StringIO())
    _, second = told()
    assert "versement de 10\u00a0€" in second
    assert "aucune nouvelle" not in second


def test_figures_are_waited_for_until_the_end_of_january(mailoutbox: list[Any]) -> None:
    UserFactory(officer=True)
    file = laureate_of(decided_on=date(2025, 9, 1))
    things = DueTold.objects.filter(application=file, thing="chiffres/2025")
    remind(date(2026, 1, 31))
    assert not things.exists()
    remind(date(2026, 2, 1))
    assert things.exists()


def instalments(**rows: Any) -> dict[str, Any]:
    return {f"instalments-0-{name}": value for name, value in rows.items()}


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"state": "verse"}, "paid_on", "Un versement fait a sa date"),
        ({"paid_on": "01/02/2026"}, "paid_on", "Seul un versement fait"),
        ({"state": "suspendu"}, "reason", "Un versement suspendu dit pourquoi"),
        ({"amount_eur": "1 000,01 €"}, "amount_eur", "passent le montant engagé"),
    ],
)
def test_a_wrong_instalment_is_said_beside_its_field_and_not_lost(
    officer: Client, values: dict[str, str], field: str, said: str
) -> None:
    file = laureate_of()
    url = reverse("admin:calls_application_change", args=[file.pk])
    row = {"amount_eur": "400", "state": "prevu", "reference": "EJ-1", **values}
    typed = {"instalments-TOTAL_FORMS": 1, **instalments(application=file.pk, **row)}
    page = officer.post(url, filled(officer.get(url), **typed))
    assert page.status_code == 200
    (errors,) = page.context["inline_admin_formsets"][0].formset.errors
    assert said in " ".join(errors.pop(field))
    assert not errors
    assert "EJ-1" in page.content.decode()
    assert not file.instalments.exists()
    # On the instalment's own page too.
    typed = {"application": file.pk, **row}
    own = officer.post(reverse("admin:calls_instalment_add"), typed)
    assert list(own.context["adminform"].form.errors) == [field]


def test_half_is_paid_and_half_is_suspended(officer: Client) -> None:
    file = laureate_of()
    url = reverse("admin:calls_application_change", args=[file.pk])
    paid = {
        "amount_eur": "500",
        "state": "verse",
        "paid_on": f"{TODAY:%d/%m/%Y}",
        "reference": "DP-2026-17",
    }
    rows = {"instalments-TOTAL_FORMS": 2, **instalments(application=file.pk, **paid)}
    rows |= {
        f"instalments-1-{name}": value
        for name, value in {
            "application": file.pk,
            "amount_eur": "500",
            "state": "suspendu",
            "reason": "Évaluation attendue.",
        }.items()
    }
    assert officer.post(url, filled(officer.get(url), **rows)).status_code == 302
    found = file.instalments.order_by("pk").values_list("state", "reference", "amount_eur")
    assert list(found) == [("verse", "DP-2026-17", 500), ("suspendu", "", 500)]
