"""The public history of a pole: days and kinds of changes, since its publication."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client

from tests.breaking import ALOUD, SILENTLY
from tests.directory.records import context_of
from tests.factories import MembershipFactory, PoleFactory

pytestmark = pytest.mark.django_db


def test_history_tells_what_changed_since_publication(client: Client) -> None:
    pole = PoleFactory(slug="suivi", summary="Brouillon secret")
    pole.record_state = "publie"
    pole.save()
    sentences = [each.sentences for each in context_of(client, "/poles/suivi/")["history"]]
    assert sentences == [["Fiche ajoutée au registre."]]


def test_history_day_by_day(client: Client) -> None:
    pole = PoleFactory(slug="suivi", published=True)
    with connection.cursor() as cursor:
        # The history is append-only: only here, time is made to pass.
        cursor.execute(SILENTLY)
        cursor.execute("UPDATE poles_poleevent SET pgh_created_at = '2020-01-31 23:30+00'")
        cursor.execute(ALOUD)
    pole.refresh_from_db()
    pole.summary, pole.website = "Nouveau", "https://essais.invalid/"
    pole.confirmed_on = date(2026, 1, 1)
    pole.save()
    MembershipFactory.create_batch(2, pole=pole)
    latest, first = context_of(client, "/poles/suivi/")["history"]
    # Half past eleven in the evening in London is the next day in Paris.
    assert first.on == date(2020, 2, 1)
    assert first.sentences == ["Fiche ajoutée au registre."]
    assert latest.sentences == [
        "Fiche confirmée.",
        "Mise à jour\u00a0: résumé, site internet, membres (2\u00a0ajouts).",
    ]
