"""The history is written by the database itself, whoever writes and however."""

from collections.abc import Callable
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from pghistory.models import Context

from networks.models import FactorReset, Invitation
from tests import call_factories as of_calls
from tests import factories as made
from tests.breaking import as_server, rows, run, update
from tests.keeping_factories import AccessRequestFactory

pytestmark = pytest.mark.django_db

ROOMS = ("territories", "networks", "members", "poles", "calls")
# A decision is kept as it was, and never changes; where a command has got to is no fact; who left
# an address must be able to take it back whole.
NOT_KEPT = {
    # Decisions and steps are kept as they are written, and never change.
    "poles.RecognitionDecision",
    "poles.RecordStep",
    # A merge is kept as it was made: undone once, never taken out.
    "poles.Merge",
    "calls.Examination",
    # A letter is kept as it was sent.
    "calls.Letter",
    # An answer is given again as it was.
    "calls.ParliamentaryAnswer",
    # What people say among themselves, or have not yet said: no part of a record.
    "poles.Alert",
    "poles.Comment",
    "poles.Draft",
    "poles.VoiceLink",
    # A file on its way, kept a few days: what it writes is in the history of the records.
    "poles.ImportRun",
    "poles.ImportRow",
    "poles.ImportQuestion",
    "calls.PlatformImport",
    "networks.Notice",
    # What officers were told of, and when.
    "calls.DueTold",
    "networks.NoticePreference",
    "members.RegisterCheck",
}

# A row of each model, and a column to change.
ROWS: dict[str, tuple[Callable[[], Any], str, Any]] = {
    "territories.Territory": (made.CommuneFactory, "population", 12),
    "territories.FormerCommune": (made.FormerCommuneFactory, "name", "Autre nom"),
    # Without what can be erased of an account, or goes with a request.
    "networks.User": (made.UserFactory, "role", "agent"),
    "networks.AccessRequest": (
        AccessRequestFactory,
        "network_id",
        lambda: made.NetworkFactory().pk,
    ),
    "networks.Network": (made.NetworkFactory, "acronym", "RES"),
    "networks.NetworkRegion": (
        made.NetworkRegionFactory,
        "region_id",
        lambda: made.RegionFactory().pk,
    ),
    "networks.Invitation": (
        lambda: Invitation.objects.create(
            email="une@exemple.invalid",
            role="agent",
            token_digest="0" * 64,
            expires_at=timezone.now(),
        ),
        "role",
        "administrateur",
    ),
    "networks.FactorReset": (
        lambda: FactorReset.objects.create(user=made.UserFactory(), reason="Perdu"),
        "reason",
        "Volé",
    ),
    "networks.NetworkStaff": (made.NetworkStaffFactory, "role", "responsable"),
    "members.Organisation": (made.OrganisationFactory, "acronym", "ORG"),
    "members.OrganisationFormerSlug": (
        lambda: former_slug(made.OrganisationFactory()),
        "organisation_id",
        lambda: made.OrganisationFactory().pk,
    ),
    "members.FactEvidence": (made.FactEvidenceFactory, "value", "autre"),
    "poles.Theme": (made.ThemeFactory, "name", "Autre thème d’essai"),
    "poles.Pole": (made.PoleFactory, "summary", "Un résumé"),
    "poles.PoleTheme": (made.PoleThemeFactory, "theme_id", lambda: made.ThemeFactory().pk),
    "poles.PoleCoverage": (
        made.PoleCoverageFactory,
        "territory_id",
        lambda: made.CommuneFactory().pk,
    ),
    "poles.PoleNetwork": (made.PoleNetworkFactory, "network_id", lambda: made.NetworkFactory().pk),
    "poles.PoleSource": (made.PoleSourceFactory, "seen_on", "2024-01-01"),
    "poles.PoleFormerSlug": (
        lambda: former_slug(made.PoleFactory()),
        "pole_id",
        lambda: made.PoleFactory().pk,
    ),
    "poles.Membership": (made.MembershipFactory, "role", "partenaire"),
    "poles.PoleProject": (made.PoleProjectFactory, "state", "en-cours"),
    "poles.PoleProjectMember": (
        lambda: linked(made.PoleProjectFactory(), "members", made.OrganisationFactory()),
        "organisation_id",
        lambda: made.OrganisationFactory().pk,
    ),
    "poles.PoleFigures": (made.PoleFiguresFactory, "beneficiaries", 12),
    "poles.Study": (made.StudyFactory, "year", 2020),
    "poles.StudyPole": (
        lambda: linked(made.StudyFactory(), "poles", made.PoleFactory()),
        "pole_id",
        lambda: made.PoleFactory().pk,
    ),
    "poles.Report": (made.ReportFactory, "source", "Une page"),
    "poles.Proposal": (made.ProposalFactory, "base_version", 7),
    "calls.Call": (made.CallFactory, "note", "Une note"),
    "calls.Wave": (made.WaveFactory, "name", "Autre vague"),
    "calls.Strand": (made.StrandFactory, "name", "Autre volet"),
    "calls.Application": (made.ApplicationFactory, "opinion_rank", 3),
    "calls.Instalment": (made.InstalmentFactory, "reference", "R-1"),
    "calls.Evaluation": (of_calls.EvaluationFactory, "author", "Un cabinet"),
    "calls.CallNetwork": (
        of_calls.CallNetworkFactory,
        "region_id",
        lambda: made.RegionFactory().pk,
    ),
    "calls.CallDocument": (of_calls.CallDocumentFactory, "title", "Autre titre"),
    "calls.CallColumns": (
        of_calls.CallColumnsFactory,
        "call_id",
        lambda: made.CallFactory().pk,
    ),
    "calls.NetworkPerson": (
        of_calls.NetworkPersonFactory,
        "organisation_id",
        lambda: made.OrganisationFactory().pk,
    ),
    "calls.RegionalOpinion": (of_calls.RegionalOpinionFactory, "rank", 3),
    "calls.LetterTemplate": (of_calls.LetterTemplateFactory, "subject", "Autre objet"),
    "calls.DecisionSession": (of_calls.DecisionSessionFactory, "committee", "Un autre comité"),
}

every_table = pytest.mark.parametrize("label", ROWS)


def former_slug(row: Any) -> models.Model:
    """The old address that a change of slug leaves."""
    update(row, slug=f"{row.slug}-change")
    return row.former_slugs.get()


def linked(row: Any, name: str, other: models.Model) -> models.Model:
    """The link that Django makes between ``row`` and ``other``."""
    getattr(row, name).add(other)
    return getattr(row, name).through.objects.latest("id")


def prepared(label: str) -> tuple[Any, str, Any]:
    make, column, value = ROWS[label]
    return make(), column, value() if callable(value) else value


def events(label: str, row: models.Model) -> list[Any]:
    model = apps.get_model(label)
    kept = model.pgh_event_model.objects.filter(pgh_obj_id=row.pk)  # type: ignore[attr-defined]
    return list(kept.select_related("pgh_context").order_by("pgh_id"))


def test_every_model_of_the_registry_keeps_its_history() -> None:
    tables = {
        model._meta.db_table: model._meta.label
        for app in ROOMS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model")
    }
    kept = {apps.get_model(label)._meta.db_table for label in ROWS}
    assert {table for table in tables if table not in kept} == {
        apps.get_model(label)._meta.db_table for label in NOT_KEPT
    }


@every_table
def test_sql_leaves_events_without_a_who(label: str) -> None:
    row, column, value = prepared(label)
    before = len(events(label, row))
    update(row, **{column: value})
    after = events(label, row)[before:]
    assert [event.pgh_label for event in after] == ["update"]
    assert str(getattr(after[0], column)) == str(value)
    assert after[0].pgh_context is None
    delete(row)
    assert events(label, row)[-1].pgh_label == "delete"


@every_table
def test_sql_within_a_context_says_who_and_why(label: str) -> None:
    row, column, value = prepared(label)
    with pghistory.context(user=42, why="Appel du pôle"):
        update(row, **{column: value})
        delete(row)
    for event, action in zip(events(label, row)[-2:], ("update", "delete"), strict=True):
        assert event.pgh_label == action
        assert event.pgh_context.metadata == {"user": 42, "why": "Appel du pôle"}


@every_table
def test_what_changes_nothing_leaves_nothing(label: str) -> None:
    row, column, _ = prepared(label)
    before = len(events(label, row))
    update(row, **{column: getattr(row, column)})
    assert len(events(label, row)) == before


@every_table
def test_the_past_is_never_rewritten(label: str) -> None:
    row, _, _ = prepared(label)
    table = apps.get_model(label).pgh_event_model._meta.db_table  # type: ignore[attr-defined]
    assert events(label, row)
    for statement in (
        f"UPDATE {table} SET pgh_label = 'oubli' WHERE pgh_obj_id = %s",
        f"DELETE FROM {table} WHERE pgh_obj_id = %s",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run(statement, row.pk)
        # Nor by the owner of the tables, who has the right.
        with as_server(), pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            run(statement, row.pk)
    assert events(label, row)


def test_many_rows_in_one_statement_leave_an_event_each() -> None:
    poles = [made.PoleFactory() for _ in range(3)]
    numbers = [pole.pk for pole in poles]
    run("UPDATE poles_pole SET jobs_words = 'dix' WHERE id = ANY(%s)", numbers)
    for pole in poles:
        assert [e.jobs_words for e in events("poles.Pole", pole)] == ["", "dix"]


def test_a_change_of_members_is_in_the_pole_s_history() -> None:
    member = made.MembershipFactory()
    versions = [event.version for event in events("poles.Pole", member.pole)]
    assert versions == [1, 2]


def test_derived_columns_and_addresses_are_not_kept() -> None:
    kept = {
        label: {f.name for f in apps.get_model(label).pgh_event_model._meta.fields}  # type: ignore[attr-defined]
        for label in ROWS
    }
    assert all("normalised_name" not in fields for fields in kept.values())
    assert "public_id" not in kept["poles.Pole"]
    assert "author_email" not in kept["poles.Proposal"]


def test_one_context_is_one_row() -> None:
    before = Context.objects.count()
    with pghistory.context(user=42):
        update(made.PoleFactory(), summary="Un")
        update(made.PoleFactory(), summary="Deux")
    assert Context.objects.count() == before + 1


def delete(row: models.Model) -> None:
    """A DELETE in SQL of the row and of nothing else."""
    key = row._meta.pk.column
    run(f'DELETE FROM "{row._meta.db_table}" WHERE "{key}" = %s', row.pk)
    assert rows(f'SELECT 1 FROM "{row._meta.db_table}" WHERE "{key}" = %s', row.pk) == []
