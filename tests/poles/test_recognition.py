"""Recognition: what is decided, what is refused whatever the path, and what is kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from members.models import FactEvidence
from poles.article9 import Verdict
from poles.models import Membership, Pole, RecognitionDecision
from poles.recognition import (
    BreaksRecognition,
    can_decide_recognition,
    guarded,
    overdue,
    recognise,
    regularise,
    withdraw,
)
from tests.breaking import ALOUD, SILENTLY, refused, rows, run
from tests.factories import MembershipFactory, OrganisationFactory, PoleFactory, UserFactory
from tests.poles.compositions import TODAY
from tests.poles.recognised import recognised, trio

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


def commit() -> None:
    """What happens at the commit, here where all is one transaction."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


def state(pole: Pole) -> str:
    return Pole.objects.values_list("recognition", flat=True).get(pk=pole.pk)


def test_who_leaves_and_who_comes_in_one_transaction() -> None:
    pole, members = recognised()
    members[2].delete()
    other = OrganisationFactory(kind="formation", is_legal_person=True)
    MembershipFactory(pole=pole, organisation=other)
    commit()
    assert state(pole) == "reconnu"


def test_a_live_exception_lets_a_pole_stay_recognised() -> None:
    pole, members = recognised()
    officer = UserFactory(officer=True)
    recognise(pole, officer, "Motif", exception_until=TODAY, exception_reason="Fusion en cours")
    members[2].delete()
    commit()
    assert state(pole) == "reconnu"


def test_an_officer_recognises_what_is_satisfied_and_the_verdict_is_kept() -> None:
    pole, members = trio()
    FactEvidence.objects.create(
        organisation=members[2].organisation,
        aspect="is_training_body",
        value="oui",
        origin="declaration",
        source="Courriel du 3 mars",
        stated_on=date(2026, 3, 3),
    )
    officer = UserFactory(officer=True)
    recognise(pole, officer, "Dossier complet", on=date(2026, 3, 5))
    decision = RecognitionDecision.objects.get(pole=pole)
    assert (decision.state, decision.officer, decision.decided_on) == (
        "reconnu",
        officer,
        date(2026, 3, 5),
    )
    assert (decision.verdict, decision.rule, decision.assessed_on) == (
        "satisfaite",
        "minimum",
        TODAY,
    )
    named = {each["nom"]: each for each in decision.evidence["membres"]}
    assert {*named} == {each.organisation.name for each in members}
    proof = named[members[2].organisation.name]["preuves"]
    assert [each["source"] for each in proof] == ["Courriel du 3 mars"]
    # What changes afterwards changes nothing of what was kept.
    run(
        "UPDATE members_organisation SET name = 'Autre nom' WHERE id = %s",
        members[2].organisation_id,
    )
    decision.refresh_from_db()
    assert "Autre nom" not in str(decision.evidence)


def test_what_is_not_satisfied_is_not_recognised() -> None:
    pole = PoleFactory()
    with pytest.raises(ValidationError, match="composition minimale"):
        recognise(pole, UserFactory(officer=True), "Motif")
    with pytest.raises(ValidationError, match="un motif"):
        recognise(trio()[0], UserFactory(officer=True), "")
    assert state(pole) == "aucune"
    assert not RecognitionDecision.objects.filter(pole=pole).exists()


def test_raw_sql_leaves_its_decision_too() -> None:
    pole, _ = trio()
    run(
        "UPDATE poles_pole SET recognition = 'reconnu', recognition_on = %s,"
        " recognition_reason = 'À la main' WHERE id = %s",
        TODAY,
        pole.pk,
    )
    commit()
    assert RecognitionDecision.objects.get(pole=pole).verdict == "satisfaite"


def test_an_officer_who_leaves_keeps_nothing_but_the_decision() -> None:
    pole, _ = trio()
    officer = UserFactory(officer=True)
    recognise(pole, officer, "Motif")
    officer.delete()
    assert RecognitionDecision.objects.get(pole=pole).officer is None


def test_a_recognised_pole_is_not_erased() -> None:
    pole, _ = recognised()
    commit()
    run("DELETE FROM poles_membership WHERE pole_id = %s", pole.pk)
    run("DELETE FROM poles_pole WHERE id = %s", pole.pk)
    with pytest.raises(IntegrityError, match="poles_recognitiondecision"):
        commit()


def test_a_change_that_breaks_goes_through_only_with_the_regularisation(
    mailoutbox: list[Any], django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.MINISTRY_EMAIL = "ptce@ministere.example"
    pole, members = recognised(contact_email="contact@pole.example")
    commit()
    with pytest.raises(BreaksRecognition) as caught, guarded(regularising=False):
        members[2].delete()
    (broken,) = caught.value.broken
    assert broken.pole == pole
    assert "«\u00a0organisme de formation\u00a0»" in broken.falls
    assert members[2].organisation.name in broken.falls
    assert state(pole) == "reconnu"
    assert Membership.objects.filter(pole=pole).count() == 3
    assert not mailoutbox

    with django_capture_on_commit_callbacks(execute=True), guarded(regularising=True):
        Membership.objects.filter(pole=pole, organisation=members[2].organisation).delete()
    pole.refresh_from_db()
    assert pole.recognition == "regularisation"
    assert pole.regularise_by == TODAY + timedelta(days=30)
    assert {address for mail in mailoutbox for address in mail.to} == {
        "contact@pole.example",
        "ptce@ministere.example",
    }
    assert "organisme de formation" in mailoutbox[0].body


def test_a_change_of_facts_names_the_poles_that_it_breaks() -> None:
    pole, members = recognised()
    other, _ = trio()
    school = members[2].organisation
    MembershipFactory(pole=other, organisation=school)
    commit()
    school.is_legal_person = False
    with pytest.raises(BreaksRecognition) as caught, guarded(regularising=False):
        school.save()
    assert [each.pole for each in caught.value.broken] == [pole]


def test_back_to_recognised_by_an_officer_once_it_holds_again() -> None:
    pole, members = recognised()
    commit()
    officer = UserFactory(officer=True)
    with guarded(regularising=True):
        members[2].delete()
    pole.refresh_from_db()
    with pytest.raises(ValidationError):
        recognise(pole, officer, "Trop tôt")
    school = OrganisationFactory(kind="formation", is_legal_person=True)
    MembershipFactory(pole=pole, organisation=school)
    recognise(pole, officer, "Un organisme de formation a rejoint le pôle")
    pole.refresh_from_db()
    assert (pole.recognition, pole.regularise_by) == ("reconnu", None)
    states = RecognitionDecision.objects.filter(pole=pole).order_by("id")
    assert list(states.values_list("state", "verdict")) == [
        ("reconnu", "satisfaite"),
        ("regularisation", "indeterminee"),
        ("reconnu", "satisfaite"),
    ]


def test_a_withdrawal_says_why_and_that_the_pole_was_heard() -> None:
    pole, _ = recognised()
    officer = UserFactory(officer=True)
    with pytest.raises(ValidationError, match="un motif"):
        withdraw(pole, officer, "", heard_on=TODAY)
    with pytest.raises(ValidationError, match="entendu"):
        withdraw(pole, officer, "Motif", heard_on=TOMORROW)
    with refused("poles_pole_withdrawal_heard"):
        run("UPDATE poles_pole SET recognition = 'retire' WHERE id = %s", pole.pk)
    withdraw(pole, officer, "Plus d’activité", heard_on=YESTERDAY)
    pole.refresh_from_db()
    assert (pole.recognition, pole.heard_on) == ("retire", YESTERDAY)


def test_only_officers_decide() -> None:
    pole = PoleFactory()
    assert can_decide_recognition(UserFactory(officer=True), pole)
    assert can_decide_recognition(UserFactory(administrator=True), pole)
    refused_one = can_decide_recognition(UserFactory(), pole)
    assert not refused_one
    assert "agent du ministère" in refused_one.reason
    gone = UserFactory(officer=True, is_active=False)
    assert not can_decide_recognition(gone, pole)


def test_what_is_past_its_delay_waits() -> None:
    late, _ = recognised()
    waiting, _ = recognised()
    regularise(late, "Motif", days=-1)
    regularise(waiting, "Motif", days=0)
    assert list(overdue()) == [late]


def test_past_an_exception_any_save_asks_for_the_regularisation() -> None:
    pole, members = recognised()
    recognise(pole, UserFactory(officer=True), "Motif", exception_until=TODAY, exception_reason="x")
    members[2].delete()
    commit()
    run(SILENTLY)
    run("UPDATE poles_pole SET exception_until = %s WHERE id = %s", YESTERDAY, pole.pk)
    run(ALOUD)
    with pytest.raises(BreaksRecognition), guarded(regularising=False):
        run("UPDATE poles_pole SET summary = 'Autre' WHERE id = %s", pole.pk)
    assert rows("SELECT verdict FROM poles_pole WHERE id = %s", pole.pk) == [
        (Verdict.UNDETERMINED,)
    ]


def test_the_connection_is_left_deferred() -> None:
    pole, members = recognised()
    with guarded(regularising=True):
        members[0].organisation.name = "Autre nom"
        members[0].organisation.save()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("DELETE FROM poles_membership WHERE id = %s", [members[0].pk])
        cursor.execute(
            "INSERT INTO poles_membership (pole_id, organisation_id, role, source_words)"
            " VALUES (%s, %s, 'actif', '')",
            [pole.pk, members[0].organisation_id],
        )
    commit()
