"""Officers decide on recognition in the admin, and hear what a change would break."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import FactEvidence
from networks.models import User
from poles.models import Membership, Pole, RecognitionDecision
from poles.recognition import recognise, regularise
from tests.breaking import run
from tests.factories import (
    FactEvidenceFactory,
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    UserFactory,
)
from tests.forms import filled
from tests.poles.admin_pages import change, messages, save
from tests.poles.compositions import TODAY
from tests.poles.recognised import recognised, trio

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True)
    client.force_login(user)
    return user


def page(pole: Pole) -> str:
    return reverse("admin:poles_pole_article9", args=[pole.pk])


def decide(client: Client, pole: Pole, action: str, **typed: Any) -> Any:
    return client.post(
        page(pole), {"action": action} | {f"{action}-{k}": v for k, v in typed.items()}
    )


def commit() -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


def state(pole: Pole) -> str:
    return Pole.objects.values_list("recognition", flat=True).get(pk=pole.pk)


def test_the_whole_way(client: Client, officer: User) -> None:
    pole, members = trio()
    today = TODAY.isoformat()
    done = decide(client, pole, "reconnaitre", reason="Dossier complet", on=today)
    assert done.status_code == 302
    pole.refresh_from_db()
    assert (pole.recognition, pole.recognition_officer) == ("reconnu", officer)
    decide(client, pole, "regulariser", reason="Départ annoncé", days=45)
    pole.refresh_from_db()
    assert (pole.recognition, pole.regularise_by) == ("regularisation", TODAY + timedelta(days=45))
    decide(client, pole, "reconnaitre", reason="Réglé", on=today)
    assert state(pole) == "reconnu"
    decide(client, pole, "retirer", reason="Plus d’activité", on=today, heard_on=today)
    assert state(pole) == "retire"
    shown = client.get(page(pole)).content.decode()
    for words in ("Dossier complet", "Départ annoncé", "Plus d’activité", "Pôle entendu le"):
        assert words in shown
    assert len(members) == 3


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    client: Client, officer: User
) -> None:
    pole, _ = recognised()
    response = decide(
        client, pole, "retirer", reason="Un long motif", on="2026-01-01", heard_on="2026-02-01"
    )
    assert response.status_code == 200
    shown = response.content.decode()
    assert "Le pôle est entendu avant la décision" in shown
    assert "Un long motif" in shown
    assert state(pole) == "reconnu"
    empty = PoleFactory()
    response = decide(client, empty, "reconnaitre", reason="Motif", on=TODAY.isoformat())
    assert "composition minimale" in response.content.decode()
    assert state(empty) == "aucune"
    until = (TODAY - timedelta(days=1)).isoformat()
    response = decide(
        client,
        empty,
        "exception",
        reason="M",
        on=until,
        exception_until=until,
        exception_reason="x",
    )
    assert "Une exception finit aujourd’hui au plus tôt." in response.content.decode()


def test_an_exception(client: Client, officer: User) -> None:
    pole = PoleFactory()
    until = TODAY + timedelta(days=60)
    decide(
        client,
        pole,
        "exception",
        reason="Motif",
        on=TODAY.isoformat(),
        exception_until=until.isoformat(),
        exception_reason="Fusion en cours",
    )
    pole.refresh_from_db()
    assert (pole.recognition, pole.exception_until) == ("reconnu", until)
    assert RecognitionDecision.objects.get(pole=pole).verdict == "indeterminee"


def test_only_what_the_state_allows_is_offered(client: Client, officer: User) -> None:
    pole = PoleFactory()
    shown = client.get(page(pole)).content.decode()
    assert "Reconnaître" in shown
    assert "Retirer la reconnaissance" not in shown
    response = decide(client, pole, "retirer", reason="M", on="2026-01-01", heard_on="2026-01-01")
    assert "L’état du pôle a changé entre-temps." in response.content.decode()


def test_the_panel_shows_the_evidence(
    client: Client, officer: User, django_assert_max_num_queries: Any
) -> None:
    pole, members = recognised()
    FactEvidenceFactory(
        organisation=members[2].organisation, source="Liste publique des organismes"
    )
    with django_assert_max_num_queries(12):
        response = client.get(page(pole))
    shown = response.content.decode()
    assert "Composition minimale satisfaite" in shown
    assert "Liste publique des organismes" in shown
    for each in members:
        assert each.organisation.name in shown
    assert client.get(page(Pole(pk=0))).status_code == 404


def test_network_staff_do_not_reach_it(client: Client) -> None:
    pole, _ = trio()
    client.force_login(UserFactory())
    assert client.get(page(pole)).status_code == 302
    assert decide(client, pole, "reconnaitre", reason="M", on="2026-01-01").status_code == 302
    assert state(pole) == "aucune"


def test_recognition_is_not_typed_in_the_record(client: Client, officer: User) -> None:
    pole, _ = trio()
    done = save(client, pole, summary="Autre résumé", recognition="reconnu")
    assert done.status_code == 302, messages(done)
    assert state(pole) == "aucune"


def departure(client: Client, pole: Pole, **more: Any) -> Any:
    shown = client.get(change(pole))
    typed = filled(shown)
    typed["memberships-2-DELETE"] = "on"
    return client.post(change(pole), typed | more)


def test_a_departure_is_told_then_goes_through_with_the_regularisation(
    client: Client, officer: User, mailoutbox: list[Any]
) -> None:
    pole, members = recognised(contact_email="contact@pole.example")
    commit()
    told = departure(client, pole)
    assert told.status_code == 200
    shown = told.content.decode()
    assert "«\u00a0organisme de formation\u00a0»" in shown
    assert members[2].organisation.name in shown
    assert 'name="_consent"' in shown
    assert Membership.objects.filter(pole=pole).count() == 3
    assert not mailoutbox

    done = departure(client, pole, _consent="on")
    assert done.status_code == 302
    pole.refresh_from_db()
    assert (pole.recognition, pole.recognition_officer) == ("regularisation", officer)
    assert Membership.objects.filter(pole=pole).count() == 2
    assert [mail.to for mail in mailoutbox] == [["contact@pole.example"]]


def test_a_change_of_facts_is_told_too(client: Client, officer: User) -> None:
    pole, members = recognised()
    commit()
    school = members[2].organisation
    address = reverse("admin:members_organisation_change", args=[school.pk])
    typed = filled(client.get(address)) | {"is_legal_person": "false"}
    told = client.post(address, typed)
    assert pole.name in told.content.decode()
    assert state(pole) == "reconnu"
    assert client.post(address, typed | {"_consent": "on"}).status_code == 302
    assert state(pole) == "regularisation"


def test_a_deletion_is_told_too(client: Client, officer: User) -> None:
    pole, members = recognised()
    commit()
    address = reverse("admin:poles_membership_delete", args=[members[0].pk])
    told = client.post(address, {"post": "yes"})
    assert told.status_code == 200
    assert 'name="_consent"' in told.content.decode()
    assert state(pole) == "reconnu"
    client.post(address, {"post": "yes", "_consent": "on"})
    assert state(pole) == "regularisation"
    assert Membership.objects.filter(pole=pole).count() == 2


def test_a_deletion_of_many_is_refused_with_its_reason(client: Client, officer: User) -> None:
    pole, members = recognised()
    commit()
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": members[0].pk}
    told = client.post(reverse("admin:poles_membership_changelist"), chosen, follow=True)
    assert "Rien n’est effacé." in told.content.decode()
    assert pole.name in told.content.decode()
    assert Membership.objects.filter(pole=pole).count() == 3


# The officers' page.

COMPOSITIONS = "/admin/poles/pole/article-9/"


def undetermined(**pole: Any) -> tuple[Pole, Membership]:
    """One answer short: is its school a training body?"""
    made, members = trio(published=True, **pole)
    school = OrganisationFactory(is_legal_person=True)
    members[2].delete()
    for each in members[:2]:
        run(
            "UPDATE members_organisation SET is_training_body = false WHERE id = %s",
            each.organisation_id,
        )
    return made, MembershipFactory(pole=made, organisation=school)


def test_a_question_is_answered_on_the_spot(client: Client, officer: User) -> None:
    pole, school = undetermined()
    shown = client.get(COMPOSITIONS).content.decode()
    name = school.organisation.name
    assert f"«\u00a0{name}\u00a0» est-il un organisme de formation déclaré" in shown
    answer = {
        "organisation": school.organisation_id,
        "fact": "is_training_body",
        "answer": "oui",
        "source": "",
    }
    told = client.post(COMPOSITIONS, answer)
    assert "Dites d’où vous le savez." in told.content.decode()
    answer["source"] = "Liste publique des organismes de formation"
    assert client.post(COMPOSITIONS, answer).status_code == 302
    pole.refresh_from_db()
    assert pole.verdict == "satisfaite"
    proof = FactEvidence.objects.get(organisation=school.organisation)
    assert (proof.aspect, proof.value, proof.origin) == ("is_training_body", "oui", "agent")
    assert (proof.stated_by, proof.stated_on) == (officer, TODAY)
    again = client.post(COMPOSITIONS, answer)
    assert "quelqu’un a répondu entre-temps" in again.content.decode()


def test_a_no_is_an_answer_too(client: Client, officer: User) -> None:
    pole, school = undetermined(members_confirmed_on=TODAY)
    answer = {
        "organisation": school.organisation_id,
        "fact": "is_training_body",
        "answer": "non",
        "source": "Entretien",
    }
    client.post(COMPOSITIONS, answer)
    pole.refresh_from_db()
    assert pole.verdict == "non-satisfaite"


def test_an_answer_that_contradicts_is_refused(client: Client, officer: User) -> None:
    organisation = OrganisationFactory(is_ess=True)
    answer = {
        "organisation": organisation.pk,
        "fact": "is_commercial",
        "answer": "oui",
        "source": "Entretien",
    }
    told = client.post(COMPOSITIONS, answer)
    assert "ne peut être à la fois une entreprise commerciale" in told.content.decode()


def test_what_waits_is_on_the_list(client: Client, officer: User) -> None:
    late, _ = recognised(name="Pôle en retard")
    regularise(late, "Motif", days=-3)
    short, _ = recognised(name="Pôle par exception")
    recognise(
        short,
        officer,
        "Motif",
        exception_until=TODAY + timedelta(days=5),
        exception_reason="x",
    )
    shown = client.get(COMPOSITIONS).content.decode()
    assert shown.index("Délai de régularisation dépassé") < shown.index("Pôle en retard")
    assert "Pôle par exception" in shown
    assert COMPOSITIONS in client.get("/admin/").content.decode()


def test_as_many_statements_for_many_poles(
    client: Client, officer: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        undetermined()
    with django_assert_max_num_queries(12):
        client.get(COMPOSITIONS)
    with django_assert_max_num_queries(12):
        client.get(COMPOSITIONS + "?region=53")


def test_network_staff_do_not_reach_the_officers_page(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get(COMPOSITIONS).status_code == 302
