"""A committee follows an award, on a day that is past; the final evaluation is by a third party."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Application
from tests.breaking import refused, update
from tests.call_factories import EvaluationFactory
from tests.factories import (
    ApplicationFactory,
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    UserFactory,
)
from tests.forms import filled

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
AWARDED = date(2024, 5, 1)
DAY = timedelta(days=1)


def laureate(**values: Any) -> Application:
    return ApplicationFactory(
        **{"decision": "laureat", "decided_on": AWARDED, "amount_eur": 1000, **values}
    )


@pytest.mark.parametrize("decision", ["inconnue", "refuse", "retire"])
def test_what_follows_follows_an_award(decision: str) -> None:
    file = laureate(decision=decision, amount_eur=None)
    with refused("calls_evaluation_award"):
        EvaluationFactory(application=file)
    followed = EvaluationFactory(application=laureate()).application
    with refused("calls_evaluation_award"):
        update(followed, decision=decision, amount_eur=None)
    # What is older than the registry is as it is.
    EvaluationFactory(application=laureate(decision=decision, amount_eur=None, imported=True))


@pytest.mark.parametrize("which", ["held_on", "planned_on"])
def test_nothing_precedes_the_award(which: str) -> None:
    file = laureate()
    with refused("calls_evaluation_award"):
        EvaluationFactory(application=file, **{which: AWARDED - DAY})
    row = EvaluationFactory(application=file, **{which: AWARDED})
    with refused("calls_evaluation_award"):
        update(row, **{which: AWARDED - DAY})
    with refused("calls_evaluation_award"):
        update(file, decided_on=AWARDED + DAY)
    update(file, decided_on=AWARDED - DAY)


def test_what_is_held_is_past() -> None:
    file = laureate()
    with refused("calls_evaluation_time"):
        EvaluationFactory(application=file, held_on=TODAY + DAY)
    EvaluationFactory(application=file, held_on=TODAY)
    EvaluationFactory(application=file, held_on=None, planned_on=TODAY + DAY)


def final(file: Application, author: str, **values: Any) -> Any:
    return EvaluationFactory(application=file, kind="finale", author=author, **values)


@pytest.mark.parametrize(
    "author",
    [
        "Les Ateliers du Marais",
        "les ateliers du marais (pôle évaluation)",
        "L.A.M.",
        "SCIC du Bocage",
        "Pôle du Bocage",
        "Université de l’Ouest, laboratoire ESO",
        "Terre",
    ],
)
def test_a_party_does_not_evaluate(author: str) -> None:
    file = project()
    with refused("calls_evaluation_third_party"):
        final(file, author)
    row = final(file, "Cabinet Tiers")
    with refused("calls_evaluation_third_party"):
        update(row, author=author)


@pytest.mark.parametrize("author", ["Terre d’avance conseil", "Ateliers Martin", "Ancien membre"])
def test_a_third_party_does(author: str) -> None:
    final(project(), author)


def project() -> Application:
    pole = PoleFactory(
        name="Pôle du Bocage", legal_person=OrganisationFactory(name="SCIC du Bocage")
    )
    for name, ends in (
        ("Université de l’Ouest", None),
        ("Terre", None),
        ("Ancien membre", date(2024, 5, 31)),
    ):
        MembershipFactory(
            pole=pole,
            organisation=OrganisationFactory(name=name),
            begins_on=date(2020, 1, 1),
            ends_on=ends,
        )
    beneficiary = OrganisationFactory(name="Les Ateliers du Marais", acronym="LAM")
    update(beneficiary, acronym="L.A.M.")
    return laureate(pole=pole, beneficiary=beneficiary)


def test_a_beneficiary_that_evaluated_is_refused_too() -> None:
    file = laureate()
    final(file, "Cabinet du Lac")
    with refused("calls_evaluation_third_party"):
        update(file, beneficiary_id=OrganisationFactory(name="Cabinet du Lac").pk)
    # A committee is anybody's.
    EvaluationFactory(application=project(), author="Terre")


def test_it_is_said_beside_what_was_typed(client: Client) -> None:
    client.force_login(UserFactory(officer=True))
    file = project()
    url = reverse("admin:calls_application_change", args=[file.pk])
    row = {
        "application": file.pk,
        "kind": "finale",
        "held_on": f"{TODAY:%d/%m/%Y}",
        "author": "Terre",
        "text": "Un bilan favorable.",
    }
    typed = {f"evaluations-0-{name}": value for name, value in row.items()}
    page = client.post(url, filled(client.get(url), **{"evaluations-TOTAL_FORMS": 1, **typed}))
    assert page.status_code == 200
    words = page.content.decode()
    assert "« Terre » est partie au projet" in words
    assert "Un bilan favorable." in words
    assert not file.evaluations.exists()
