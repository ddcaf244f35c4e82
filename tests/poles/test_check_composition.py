"""The nightly check: what the calendar alone has broken is moved, and told once."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from poles.models import Pole, RecognitionDecision
from poles.recognition import regularise
from tests.breaking import ALOUD, SILENTLY, run
from tests.factories import NetworkFactory, PoleNetworkFactory
from tests.poles.compositions import TODAY
from tests.poles.recognised import recognised

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


def check() -> str:
    said = StringIO()
    call_command("check_composition", stdout=said)
    return said.getvalue()


def ends_with_the_night(membership: int, pole: Pole) -> None:
    """As if the last day of the membership had been yesterday, and nobody had written since."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    run(SILENTLY)
    run("UPDATE poles_membership SET ends_on = %s WHERE id = %s", YESTERDAY, membership)
    run("UPDATE poles_pole SET verdict_until = %s WHERE id = %s", TODAY, pole.pk)
    run(ALOUD)


def test_what_time_broke_is_moved_and_told_once(mailoutbox: list[Any], settings: Any) -> None:
    settings.MINISTRY_EMAIL = "ptce@ministere.example"
    reference = NetworkFactory(contact_email="reference@reseau.example")
    pole, members = recognised(
        contact_email="contact@pole.example", reference_network=reference, name="Pôle du Val"
    )
    PoleNetworkFactory(pole=pole, network=NetworkFactory(contact_email="autre@reseau.example"))
    PoleNetworkFactory(pole=pole, network=reference)
    still, _ = recognised()
    ends_with_the_night(members[2].pk, pole)

    assert "En régularisation : Pôle du Val" in check()
    pole.refresh_from_db()
    assert (pole.recognition, pole.verdict) == ("regularisation", "indeterminee")
    assert (pole.recognition_on, pole.regularise_by) == (TODAY, TODAY + timedelta(days=30))
    assert Pole.objects.get(pk=still.pk).recognition == "reconnu"
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "autre@reseau.example",
        "contact@pole.example",
        "ptce@ministere.example",
        "reference@reseau.example",
    ]
    text, html = mailoutbox[0].body, mailoutbox[0].alternatives[0].content
    for body in (text, html):
        assert "Pôle du Val" in body
        assert "organisme de formation" in body
        assert "ni label ni droit à une aide" in body
    run("SET CONSTRAINTS ALL IMMEDIATE")
    decision = RecognitionDecision.objects.filter(pole=pole).latest("id")
    assert (decision.state, decision.officer) == ("regularisation", None)

    mailoutbox.clear()
    assert "En régularisation" not in check()
    assert not mailoutbox


def test_an_exception_that_ended_is_found_too() -> None:
    pole, members = recognised()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(SILENTLY)
    run("DELETE FROM poles_membership WHERE id = %s", members[0].pk)
    run(
        "UPDATE poles_pole SET verdict = 'indeterminee', exception_until = %s,"
        " exception_reason = 'x' WHERE id = %s",
        YESTERDAY,
        pole.pk,
    )
    run(ALOUD)
    assert pole.name in check()
    assert Pole.objects.get(pk=pole.pk).recognition == "regularisation"


def test_a_verdict_past_its_day_is_written_anew() -> None:
    pole, members = recognised()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(SILENTLY)
    run("UPDATE poles_pole SET verdict_until = %s WHERE id = %s", TODAY, pole.pk)
    run(ALOUD)
    assert "1 verdict(s) recalculé(s)" in check()
    pole.refresh_from_db()
    assert (pole.recognition, pole.verdict_until) == ("reconnu", None)
    assert len(members) == 3


def test_what_is_past_its_delay_is_told_every_night() -> None:
    pole, _ = recognised(name="Pôle en retard")
    regularise(pole, "Motif", days=-1)
    assert "Délai dépassé, décision attendue : Pôle en retard" in check()
    assert "Délai dépassé, décision attendue : Pôle en retard" in check()


def test_the_night_runs_it(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    said = StringIO()
    call_command("nightly", stdout=said)
    assert "Compositions : 0 passée(s)" in said.getvalue()
