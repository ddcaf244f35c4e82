"""Answers with figures: of which day and places, one edition after the other, never changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from calls.models import ParliamentaryAnswer
from tests.breaking import as_server, refused, rows, run, update
from tests.call_factories import AnswerFactory
from tests.factories import CommuneFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def test_a_day_to_come_has_no_figures() -> None:
    with refused("calls_parliamentaryanswer_to_come"):
        AnswerFactory(day=TODAY + timedelta(days=1))


def test_a_departement_is_one_of_its_region() -> None:
    commune = CommuneFactory()
    AnswerFactory(region=commune.region, departement=commune.departement)
    for wrong in (
        {"region": commune},
        {"region": RegionFactory(), "departement": commune.departement},
        {"departement": commune.departement},
    ):
        with refused("calls_parliamentaryanswer_place"):
            AnswerFactory(**wrong)


def test_a_question_has_one_first_answer_and_editions_that_follow() -> None:
    AnswerFactory()
    with refused("calls_parliamentaryanswer_once"):
        AnswerFactory()
    with refused("calls_parliamentaryanswer_edition"):
        AnswerFactory(edition=3, reason="Oubli.")
    AnswerFactory(edition=2, reason="Oubli.")
    # Of another perimeter, nothing was answered yet.
    with refused("calls_parliamentaryanswer_edition"):
        AnswerFactory(edition=2, reason="Oubli.", region=RegionFactory())


@pytest.mark.parametrize("values", [{"edition": 2}, {"reason": "Sans raison."}, {"edition": 0}])
def test_an_edition_says_why(values: dict[str, Any]) -> None:
    AnswerFactory()
    with refused("calls_parliamentaryanswer_reason"):
        AnswerFactory(region=RegionFactory() if "reason" in values else None, **values)


def test_an_answer_is_kept_as_it_was_given() -> None:
    answer = AnswerFactory(asked_by=UserFactory(officer=True))
    for values in (
        {"text": "Autre chose"},
        {"figures": "{}"},
        {"asked_by_id": UserFactory(officer=True).pk},
    ):
        with as_server(), refused("calls_parliamentaryanswer_kept"):
            update(answer, **values)
    with as_server(), refused("calls_parliamentaryanswer_kept"):
        run("DELETE FROM calls_parliamentaryanswer WHERE id = %s", answer.pk)
    # An account is erased; the answer stays.
    update(answer, asked_by_id=None)
    found = rows("SELECT text FROM calls_parliamentaryanswer WHERE id = %s", answer.pk)
    assert found == [(answer.text,)]
    assert ParliamentaryAnswer.objects.get(pk=answer.pk).asked_by is None
