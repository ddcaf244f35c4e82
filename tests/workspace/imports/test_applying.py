"""Writing an import: all in one transaction or nothing, by those who may, kept in the history."""

import secrets
from typing import Any

import pghistory
import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Organisation
from networks.models import NetworkStaff
from poles.models import ImportRun, Pole, Proposal
from poles.record import Change, write
from tests.factories import MembershipFactory, NetworkStaffFactory, PoleFactory
from tests.poles.recognised import recognised
from tests.workspace.imports.making import answered, imported, outcomes, planned, rows, run_of
from tests.workspace.staff import Kept, kept
from workspace.imports.applying import NothingWritten, apply
from workspace.imports.planning import plan
from workspace.imports.running import begin_writing

pytestmark = pytest.mark.django_db

TABLE = [
    ["Nom", "Sigle", "Membres"],
    ["Pôle des essais", "PDE", "Une neuve|association"],
    ["Tout neuf", "TN", "UNE NEUVE|association; Autre"],
]


@pytest.fixture
def record() -> Kept:
    return kept(name="Pôle des essais")


def test_what_was_shown_is_what_is_written(record: Kept) -> None:
    imported(TABLE, record.manager, record.network)
    assert Pole.objects.get(pk=record.pole.pk).acronym == "PDE"
    made = Pole.objects.get(name="Tout neuf")
    assert (made.slug, made.acronym, made.record_state) == ("tout-neuf", "TN", "brouillon")
    # One that several rows name is made once, with what is said of it.
    new = Organisation.objects.get(name__iexact="une neuve")
    assert {m.pole_id for m in new.memberships.all()} == {record.pole.pk, made.pk}
    evidence = new.evidence.get(aspect="kind")
    assert (evidence.value, evidence.stated_by) == ("association", record.manager)
    assert "essai.xlsx" in evidence.source


def test_the_history_says_who_and_why(record: Kept) -> None:
    with pghistory.context(user=record.manager.pk):
        imported(TABLE, record.manager, record.network)
    for pole in Pole.objects.filter(acronym__in=["PDE", "TN"]):
        event = pole.events.order_by("-pgh_id").first()
        assert event.pgh_context.metadata["user"] == record.manager.pk
        assert event.pgh_context.metadata["why"] == "Import du fichier «\u00a0essai.xlsx\u00a0»"


def test_nothing_is_written_where_someone_was_there_first(record: Kept) -> None:
    run = planned(TABLE, record.manager, record.network)
    write(record.pole, [Change("acronym", "", "AUTRE")])
    with pytest.raises(NothingWritten, match="changé la même chose"):
        apply(run, record.manager)
    assert not Pole.objects.filter(name="Tout neuf").exists()
    assert not Organisation.objects.filter(name="Autre").exists()


def test_the_preview_is_made_anew_where_nothing_was_written(record: Kept) -> None:
    run = planned(TABLE, record.manager, record.network)
    ImportRun.objects.filter(pk=run.pk).update(state="pret")
    write(record.pole, [Change("acronym", "", "AUTRE")])
    begin_writing(run)
    run.refresh_from_db()
    assert run.state == "pret"
    assert run.message.startswith("Rien n’a été écrit.")
    told = {"key": "acronym", "label": "Sigle", "before": "AUTRE", "after": "PDE"}
    assert rows(run)[0].told[0] == told
    begin_writing(run)
    run.refresh_from_db()
    assert (run.state, run.message) == ("fait", "")
    assert Pole.objects.get(pk=record.pole.pk).acronym == "PDE"


def test_it_is_written_once_however_often_it_is_asked(record: Kept) -> None:
    run = planned(TABLE, record.manager, record.network)
    ImportRun.objects.filter(pk=run.pk).update(state="pret")
    begin_writing(run)
    begin_writing(ImportRun.objects.get(pk=run.pk))
    assert Pole.objects.filter(name="Tout neuf").count() == 1


def test_rights_lost_meanwhile_are_lost(record: Kept) -> None:
    run = planned(TABLE, record.manager, record.network)
    NetworkStaffFactory(network=record.network, role="responsable")
    NetworkStaff.objects.filter(user=record.manager).delete()
    record.manager.__dict__.pop("_positions", None)
    with pytest.raises(NothingWritten):
        apply(run, record.manager)
    assert Pole.objects.get(pk=record.pole.pk).acronym == ""


def test_what_may_not_be_written_is_proposed(record: Kept) -> None:
    Pole.objects.filter(pk=record.pole.pk).update(record_state="publie")
    run = imported(TABLE, record.editor, record.network)
    assert outcomes(run) == ["propose", "cree"]
    assert Pole.objects.get(pk=record.pole.pk).acronym == ""
    proposal = Proposal.objects.get(pole=record.pole)
    assert (proposal.author, proposal.state) == (record.editor, "attente")
    assert proposal.changes["acronym"] == {"before": "", "after": "PDE"}
    assert "essai.xlsx" in proposal.message


def test_rows_that_a_rule_refuses_are_found_among_the_others(record: Kept) -> None:
    MembershipFactory(pole=record.pole, role="porteur")
    table = [
        ["Nom", "Sigle", "Porteur", "Année de création", "Date de fermeture"],
        *([f"Nouveau {n}", "N", "", "", ""] for n in range(20)),
        ["Pôle des essais", "PDE", "Un second porteur", "", ""],
        ["Fermé avant", "F", "", 2020, "01/01/2010"],
        *([f"Encore {n}", "N", "", "", ""] for n in range(20)),
    ]
    run = imported(table, record.manager, record.network)
    assert run.counts == {"poles": {"cree": 40, "refuse": 2}}
    reasons = [row.reason for row in rows(run) if row.outcome == "refuse"]
    assert reasons == [
        "Le pôle a déjà une structure porteuse à cette période.",
        "Un pôle ne ferme pas avant d’avoir été créé.",
    ]
    assert Pole.objects.filter(acronym="N").count() == 40


def test_of_the_rows_of_a_pole_only_those_that_are_wrong_are_left(record: Kept) -> None:
    MembershipFactory(pole=record.pole, role="porteur", begins_on="2020-01-01")
    table = [
        ["Pôle", "Organisation", "Rôle", "Depuis le", "Jusqu’au"],
        ["Pôle des essais", "Une", "actif", "", ""],
        ["Pôle des essais", "Deux", "porteur", "2021", ""],
        ["Pôle des essais", "Trois", "actif", "2021", "2020"],
        ["Pôle des essais", "Quatre", "partenaire", "", ""],
    ]
    run = imported(table, record.manager, record.network)
    assert outcomes(run) == ["cree", "refuse", "refuse", "cree"]
    names = {m.organisation.name for m in record.pole.memberships.filter(begins_on=None)}
    assert names == {"Une", "Quatre"}


def test_two_members_exchange_the_lead_in_one_import(record: Kept) -> None:
    old = MembershipFactory(pole=record.pole, role="porteur", organisation__name="Ancienne")
    new = MembershipFactory(pole=record.pole, role="actif", organisation__name="Nouvelle")
    table = [
        ["Pôle", "N° de participation", "Organisation", "Rôle"],
        ["Pôle des essais", new.pk, "Nouvelle", "porteur"],
        ["Pôle des essais", old.pk, "Ancienne", "actif"],
    ]
    run = imported(table, record.manager, record.network)
    assert outcomes(run) in (["modifie", "modifie"], ["refuse", "modifie"])
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.role, new.role) == ("actif", "porteur")


def test_a_recognised_pole_breaks_only_with_consent(record: Kept) -> None:
    pole, members = recognised(name="Pôle reconnu", reference_network=record.network)
    Pole.objects.filter(pk=pole.pk).update(record_state="publie")
    table = [
        ["Pôle", "N° de participation", "Organisation", "Jusqu’au"],
        ["Pôle reconnu", members[0].pk, members[0].organisation.name, "01/01/2020"],
    ]
    run = planned(table, record.manager, record.network)
    assert outcomes(run) == ["attente"]
    assert "romprait sa composition" in rows(run)[0].reason
    assert outcomes(answered(run, {"rupture": "laisser"})) == ["refuse"]
    answered(run, {"rupture": "prendre"})
    assert outcomes(run) == ["modifie"]
    assert not mail.outbox
    apply(run, record.manager)
    assert Pole.objects.get(pk=pole.pk).recognition == "regularisation"


def unlike() -> str:
    """A name like no other."""
    return secrets.token_hex(12)


def count(number: int, record: Kept) -> tuple[int, int]:
    """The statements of a plan and of its writing, half of the poles being new."""
    known = PoleFactory.create_batch(number // 2, reference_network=record.network)
    table = [
        ["Nom", "Sigle", "Membres", "Thèmes", "Commune", "Département"],
        *([pole.name, "X", unlike(), "mobilité", "Vannes", "56"] for pole in known),
        *([unlike(), "X", "", "", "Vannes", "56"] for _ in range(number // 2)),
    ]
    run = run_of(table, record.manager, record.network)
    with CaptureQueriesContext(connection) as planning:
        plan(run, record.manager)
    assert not run.questions.exists()
    with CaptureQueriesContext(connection) as writing:
        apply(run, record.manager)
    assert run.counts["poles"]["modifie"] == number // 2
    return len(planning), len(writing)


def test_statements_are_for_a_hundred_poles_at_a_time(record: Kept) -> None:
    few, more = count(10, record), count(100, record)
    assert more[0] <= few[0] + 2
    assert more[1] <= few[1] + 2
    assert more[0] < 110
    assert more[1] < 60


def test_an_import_leaves_no_half_when_the_end_fails(record: Kept, monkeypatch: Any) -> None:
    run = planned(TABLE, record.manager, record.network)

    def fail() -> None:
        raise RuntimeError("the machine fails")

    monkeypatch.setattr("workspace.imports.applying.check_now", fail)
    with pytest.raises(RuntimeError):
        apply(run, record.manager)
    assert not Pole.objects.filter(acronym__in=["PDE", "TN"]).exists()
    run.refresh_from_db()
    assert run.state != "fait"
