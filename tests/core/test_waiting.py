"""The first page of the admin site: what waits, counted as its lists count it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from calls.waiting import waiting
from core.waiting import PARAMETER, SHOWN, Found, read
from networks.models import User
from tests.breaking import update
from tests.call_factories import call_at, file_of, named, satisfied_pole
from tests.factories import (
    InstalmentFactory,
    PoleFactory,
    ProposalFactory,
    ReportFactory,
    UserFactory,
)
from tests.keeping_factories import AccessRequestFactory, InvitationFactory
from tests.poles.recognised import recognised

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 12


def _ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def _old_proposal() -> None:
    ProposalFactory()
    update(ProposalFactory(), created_at=timezone.now() - timedelta(days=8))


def _without_opinion() -> None:
    named(file_of(call_at(opinion_required=True)))


def _silent() -> None:
    file_of(call_at(), decision="laureat", decided_on=_ago(400), amount_eur=1000)


def _failed() -> None:
    DBTaskResult.objects.create(
        status="FAILED",
        task_path="core.tasks.send_mail",
        args_kwargs={},
        run_after=timezone.now(),
        backend_name="default",
        exception_class_path="",
        traceback="",
    )


def _regularisation() -> None:
    update(
        recognised()[0],
        recognition="regularisation",
        recognition_on=_ago(40),
        regularise_by=_ago(3),
        recognition_reason="Départ",
    )


ONE_MORE: dict[str, Callable[[], Any]] = {
    "soumises": lambda: PoleFactory(record_state="soumis"),
    "regularisations": _regularisation,
    "reconnaissances": lambda: satisfied_pole(record_state="publie"),
    "corrections": _old_proposal,
    "signalements": ReportFactory,
    "appels": lambda: call_at("ouvert", closes_on=_ago(2)),
    "a-instruire": lambda: file_of(call_at(), admissible=None),
    "avis": _without_opinion,
    "versements": lambda: InstalmentFactory(planned_on=_ago(1)),
    "suspendus": lambda: InstalmentFactory(state="suspendu", reason="Convention"),
    "silence": _silent,
    "acces": AccessRequestFactory,
    "invitations": InvitationFactory,
    "taches": _failed,
}


@pytest.fixture
def administrator(client: Client) -> User:
    user = UserFactory(administrator=True)
    client.force_login(user)
    return user


def page(client: Client) -> tuple[dict[str, Found], int]:
    client.get(reverse("admin:index"))
    with CaptureQueriesContext(connection) as captured:
        found = client.get(reverse("admin:index"))
    shown = [*found.context["waiting"], *found.context["nothing_waits"]]
    named = {each.waits.slug: each for each in shown}
    assert len(named) == len(shown), "two kinds of waiting have one name"
    return named, len(captured)


def test_all_that_waits_is_counted_at_the_same_cost(client: Client, administrator: User) -> None:
    nothing, cost = page(client)
    assert cost <= MOST_STATEMENTS
    for more in ONE_MORE.values():
        more()
    once, _ = page(client)
    grown = {slug: once[slug].count - nothing[slug].count for slug in nothing}
    assert [slug for slug in grown if not grown[slug] and slug != "exceptions"] == []
    for slug in ("soumises", "corrections", "suspendus", "taches"):
        for _ in range(SHOWN + 1):
            ONE_MORE[slug]()
    many, same = page(client)
    assert same == cost
    assert many["taches"].count == once["taches"].count + SHOWN + 1
    assert len(many["taches"].items) == SHOWN


def test_each_list_holds_what_the_first_page_counts(
    client: Client, administrator: User, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for more in ONE_MORE.values():
        more()
    listed = 0
    for slug, each in page(client)[0].items():
        answer = client.get(each.waits.address)
        assert answer.status_code == 200, slug
        assert all(client.get(item.url).status_code == 200 for item in each.items), slug
        if PARAMETER in each.waits.address or slug == "taches":
            assert answer.context["cl"].result_count == each.count, slug
            listed += 1
    assert listed > 10


def test_failed_tasks_are_not_for_officers(client: Client) -> None:
    client.force_login(UserFactory(officer=True))
    assert "taches" not in page(client)[0]
    client.force_login(UserFactory())
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_most_late_come_first_with_their_delay() -> None:
    for days in (-1, 200, 3, 0):
        InstalmentFactory(planned_on=_ago(days), application__pole__name=f"Pôle {days}")
    due = {each.slug: each for each in waiting()}["versements"]
    found = read([due], timezone.localdate())[0]
    assert (found.count, found.late) == (4, 2)
    assert [item.told for item in found.items] == [
        "délai passé de 7\u00a0mois",
        "délai passé de 3\u00a0jours",
        "dernier jour",
        "reste 1\u00a0jour",
    ]
