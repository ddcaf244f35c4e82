"""What follows an award: instalments on the page of the file, and who has given no news."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.following import months_before, silent_laureates
from calls.models import Application, Call
from tests.call_factories import advance, call_at, file_of
from tests.factories import ApplicationFactory, EvaluationFactory, InstalmentFactory, UserFactory
from tests.forms import filled

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LONG_AGO, LATELY = months_before(TODAY, 6), months_before(TODAY, 6) + timedelta(days=1)
PAGE = "/admin/calls/application/suivi/"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory(officer=True))
    return client


def laureate_of(call: Call | None = None, **values: Any) -> Application:
    given = {"decision": "laureat", "decided_on": LONG_AGO, "amount_eur": 1000, **values}
    return file_of(call or call_at(), **given)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 8, 31), date(2026, 2, 28)),
        (date(2024, 8, 30), date(2024, 2, 29)),
        (date(2026, 3, 15), date(2025, 9, 15)),
        (date(2026, 12, 31), date(2026, 6, 30)),
    ],
)
def test_six_months_before(day: date, before: date) -> None:
    assert months_before(day, 6) == before


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
    file_of(call_at(), decision="refuse", decided_on=LONG_AGO)
    ApplicationFactory(decision="laureat", decided_on=LONG_AGO, imported=True)
    closed = laureate_of()
    advance(closed.call, "clos")
    assert list(silent_laureates(TODAY)) == [silent]
    # What is only planned is no news.
    InstalmentFactory(application=silent, planned_on=TODAY)
    assert list(silent_laureates(TODAY)) == [silent]
    assert silent.pole.name in officer.get(PAGE).content.decode()


def test_payments_due_and_suspended_are_listed(officer: Client) -> None:
    file = laureate_of(decided_on=TODAY)
    month = timedelta(days=30)
    due = InstalmentFactory(application=file, planned_on=TODAY + month, amount_eur=100)
    late = InstalmentFactory(application=file, planned_on=TODAY - month, amount_eur=100)
    InstalmentFactory(application=file, planned_on=TODAY + month * 2, amount_eur=100)
    suspended = InstalmentFactory(
        application=file, state="suspendu", reason="Comité non tenu.", amount_eur=100
    )
    page = officer.get(PAGE)
    assert page.context["followed"].due == [late, due]
    assert page.context["followed"].suspended == [suspended]
    words = page.content.decode()
    assert "en retard" in words
    assert "Comité non tenu." in words


def test_the_page_costs_the_same_with_many_laureates(officer: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(PAGE).status_code == 200
        return len(captured)

    statements()
    few = statements()
    call = call_at()
    for _ in range(12):
        InstalmentFactory(application=laureate_of(call), planned_on=TODAY)
    assert statements() == few <= 12


def instalments(**rows: Any) -> dict[str, Any]:
    return {f"instalments-0-{name}": value for name, value in rows.items()}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "verse"}, "Un versement fait a sa date"),
        ({"state": "suspendu"}, "un versement suspendu dit pourquoi"),
        ({"amount_eur": "1000,01"}, "passent le montant engagé"),
    ],
)
def test_a_wrong_instalment_is_said_and_not_lost(
    officer: Client, values: dict[str, str], said: str
) -> None:
    file = laureate_of()
    url = reverse("admin:calls_application_change", args=[file.pk])
    row = {"amount_eur": "400", "state": "prevu", "reference": "EJ-1", **values}
    typed = {"instalments-TOTAL_FORMS": 1, **instalments(application=file.pk, **row)}
    page = officer.post(url, filled(officer.get(url), **typed))
    assert page.status_code == 200
    words = page.content.decode()
    assert said in words
    assert "EJ-1" in words
    assert not file.instalments.exists()


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
