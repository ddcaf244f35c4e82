from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now
from hypothesis import given
from psycopg.types.json import Jsonb

from poles.models import Alert, Membership, PoleProject
from tests.breaking import (
    Break,
    cases,
    check_form,
    check_sql,
    refused,
    rows,
    run,
    update,
    with_database,
)
from tests.factories import (
    AlertFactory,
    MembershipFactory,
    OrganisationFactory,
    PoleCoverageFactory,
    PoleFactory,
    PoleFiguresFactory,
    PoleNetworkFactory,
    PoleProjectFactory,
    PoleSourceFactory,
    PoleThemeFactory,
    ProposalFactory,
    ReportFactory,
    StudyFactory,
    ThemeFactory,
)
from tests.slugs import check_slugs, slugs

pytestmark = pytest.mark.django_db


def twin(factory: Any, column: str) -> Any:
    """The values that make a second link of the same pole the same as the first."""
    return lambda link: {column: getattr(factory(pole=link.pole), column)}


BREAKS = cases(
    Break("poles_theme_slug_form", ThemeFactory, {"slug": "Énergie"}),
    Break("poles_report_said", ReportFactory, {"does": ""}),
    Break("poles_report_state", ReportFactory, {"state": "x", "decided_at": "2026-01-01T00:00Z"}),
    Break("poles_report_decided", ReportFactory, {"state": "acceptee"}),
    Break(
        "poles_report_reason",
        ReportFactory,
        {"state": "refusee", "decided_at": "2026-01-01T00:00Z"},
    ),
    Break("poles_alert_frequency", AlertFactory, {"frequency": "siecle"}),
    Break("poles_alert_subject", AlertFactory, lambda alert: {"pole_id": PoleFactory().pk}),
    Break("poles_alert_told", AlertFactory, {"told_until": "2026-01-01T00:00Z"}),
    Break("poles_pole_slug_form", PoleFactory, {"slug": "pole--essai"}),
    Break("poles_pole_name", PoleFactory, {"name": ""}),
    Break("poles_pole_maturity", PoleFactory, {"maturity": "mûr"}),
    Break("poles_pole_record_state", PoleFactory, {"record_state": "perdu"}),
    Break(
        "poles_pole_recognition",
        PoleFactory,
        {"recognition": "promis", "recognition_on": "2024-01-01", "recognition_reason": "Motif"},
    ),
    Break("poles_pole_founding_year", PoleFactory, {"founding_year": 14}),
    Break(
        "poles_pole_closed_after_founding",
        PoleFactory,
        {"founding_year": 2015, "closed_on": "2014-12-31"},
    ),
    Break("poles_pole_position", PoleFactory, {"latitude": 47, "longitude": 2}),
    Break("poles_pole_position", PoleFactory, {"latitude": 47, "position_origin": "main"}),
    Break("poles_pole_position", PoleFactory, {"position_origin": "main"}),
    Break(
        "poles_pole_position",
        PoleFactory,
        {"latitude": 95, "longitude": 2, "position_origin": "main"},
    ),
    Break("poles_pole_contact_consent", PoleFactory, {"contact_name": "Une personne"}),
    Break("poles_pole_archive_reason", PoleFactory, {"record_state": "archive"}),
    Break("poles_pole_recognition_reason", PoleFactory, {"recognition": "reconnu"}),
    Break(
        "poles_pole_recognition_reason",
        PoleFactory,
        {"recognition": "retire", "recognition_on": "2024-01-01"},
    ),
    Break("poles_pole_zoning_basis", PoleFactory, {"rural_area": False}),
    Break(
        "poles_pole_zoning_basis",
        PoleFactory,
        {"priority_district": True, "priority_basis": "Liste de 2024"},
    ),
    Break("poles_poletheme_once", PoleThemeFactory, twin(PoleThemeFactory, "theme_id")),
    Break(
        "poles_polecoverage_once", PoleCoverageFactory, twin(PoleCoverageFactory, "territory_id")
    ),
    Break("poles_polenetwork_once", PoleNetworkFactory, twin(PoleNetworkFactory, "network_id")),
    Break("poles_polesource_once", PoleSourceFactory, twin(PoleSourceFactory, "url")),
    Break("poles_membership_role", MembershipFactory, {"role": "ami"}),
    Break(
        "poles_membership_period",
        MembershipFactory,
        {"begins_on": "2024-01-02", "ends_on": "2024-01-01"},
    ),
    Break(
        "poles_membership_no_overlap",
        MembershipFactory,
        twin(MembershipFactory, "organisation_id"),
    ),
    Break(
        "poles_membership_one_lead",
        MembershipFactory,
        lambda member: {"role": MembershipFactory(pole=member.pole, role="porteur").role},
    ),
    Break(
        "poles_poleproject_period",
        PoleProjectFactory,
        {"begins_on": "2024-01-02", "ends_on": "2024-01-01"},
    ),
    Break("poles_poleproject_state", PoleProjectFactory, {"state": "rêvé"}),
    Break("poles_poleproject_pooled", PoleProjectFactory, {"pooled": ["locaux", "rêves"]}),
    Break("poles_polefigures_year", PoleFiguresFactory, twin(PoleFiguresFactory, "year")),
    Break("poles_polefigures_year_form", PoleFiguresFactory, {"year": 1899}),
    Break("poles_polefigures_positive", PoleFiguresFactory, {"jobs_fte": -1}),
    Break("poles_polefigures_positive", PoleFiguresFactory, {"turnover_eur": -1}),
    Break("poles_polefigures_local_jobs", PoleFiguresFactory, {"jobs_fte": 5, "local_jobs_fte": 6}),
    Break("poles_study_year", StudyFactory, {"year": 20}),
    Break("poles_proposal_one_object", ProposalFactory, {"pole_id": None}),
    Break(
        "poles_proposal_one_object",
        ProposalFactory,
        lambda proposal: {"organisation_id": OrganisationFactory().pk},
    ),
    Break("poles_proposal_values", ProposalFactory, {"origin": "oiseau"}),
    Break("poles_proposal_decided", ProposalFactory, {"state": "acceptee"}),
    Break(
        "poles_proposal_reason",
        ProposalFactory,
        {"state": "refusee", "decided_at": "2024-01-01T00:00Z"},
    ),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)


def test_a_pole_is_never_its_own_member() -> None:
    membership = MembershipFactory()
    with refused("poles_membership_not_own_person"):
        update(membership.pole, legal_person_id=membership.organisation_id)
    pole = PoleFactory(legal_person=OrganisationFactory())
    with refused("poles_membership_not_own_person"):
        run(
            "INSERT INTO poles_membership (pole_id, organisation_id, role, source_words)"
            " VALUES (%s, %s, 'actif', '')",
            pole.pk,
            pole.legal_person_id,
        )
    with refused("poles_membership_not_own_person"):
        update(membership, pole_id=pole.pk, organisation_id=pole.legal_person_id)


def test_a_stale_version_is_refused() -> None:
    pole = PoleFactory()
    update(pole, summary="Un résumé")
    with refused("poles_pole_version"):
        update(pole, summary="Un autre", version=pole.version)


def version(pole: Any) -> int:
    return rows("SELECT version FROM poles_pole WHERE id = %s", pole.pk)[0][0]


@pytest.mark.parametrize(
    "factory",
    [
        MembershipFactory,
        PoleThemeFactory,
        PoleCoverageFactory,
        PoleNetworkFactory,
        PoleSourceFactory,
        PoleProjectFactory,
        PoleFiguresFactory,
    ],
    ids=lambda f: f.__name__,
)
def test_what_belongs_to_a_pole_changes_it(factory: Any) -> None:
    pole = PoleFactory()
    before = version(pole)
    part = factory(pole=pole)
    assert version(pole) == before + 1
    update(part, pole_id=pole.pk)
    assert version(pole) == before + 1
    table = part._meta.db_table
    run(f"DELETE FROM {table} WHERE id = %s", part.pk)
    assert version(pole) == before + 2


def test_a_member_of_a_project_changes_the_pole() -> None:
    project, other = PoleProjectFactory(), PoleProjectFactory()
    member = OrganisationFactory()
    before = version(project.pole), version(other.pole)
    project.members.add(member)
    assert version(project.pole) == before[0] + 1
    table = PoleProject.members.through._meta.db_table
    run(f"UPDATE {table} SET organisation_id = organisation_id WHERE poleproject_id = {project.pk}")
    assert version(project.pole) == before[0] + 1
    run(f"UPDATE {table} SET poleproject_id = {other.pk} WHERE poleproject_id = {project.pk}")
    assert (version(project.pole), version(other.pole)) == (before[0] + 2, before[1] + 1)
    run(f"DELETE FROM {table} WHERE poleproject_id = {other.pk}")
    assert (version(project.pole), version(other.pole)) == (before[0] + 2, before[1] + 2)


def test_a_member_that_moves_changes_both_poles() -> None:
    member, other = MembershipFactory(), PoleFactory()
    before = version(member.pole), version(other)
    update(member, pole_id=other.pk)
    assert (version(member.pole), version(other)) == (before[0] + 1, before[1] + 1)


def test_an_update_that_changes_nothing_keeps_the_version() -> None:
    pole = PoleFactory()
    update(pole, name=pole.name)
    assert version(pole) == pole.version


def test_an_instance_can_be_saved_twice() -> None:
    pole = PoleFactory()
    for summary in ("un", "deux"):
        pole.summary = summary
        pole.save()
    assert version(pole) == pole.version == 3


@pytest.mark.parametrize("state", ["attente", "acceptee"])
def test_a_proposal_stands_once_it_was_answered_but_for_a_name(state: str) -> None:
    name = {"before": "", "after": "Camille Voisine"}
    changes = {"summary": {"before": "", "after": "Résumé"}, "contact_name": name}
    given = {} if state == "attente" else {"state": state, "decided_at": now()}
    proposal = ProposalFactory(changes=changes, **given)
    for other in (
        {"summary": changes["summary"]},
        {**changes, "summary": {"before": "", "after": "Autre"}},
        {**changes, "contact_name": {**name, "after": "Quelqu’un d’autre"}},
    ):
        if state == "attente":
            update(proposal, changes=Jsonb(other))
            update(proposal, changes=Jsonb(changes))
        else:
            with refused("poles_proposal_kept"):
                update(proposal, changes=Jsonb(other))
    update(proposal, changes=Jsonb({**changes, "contact_name": {"before": "", "after": ""}}))
    if state != "attente":
        with refused("poles_proposal_answered"):
            update(proposal, state="attente")


def test_an_old_address_is_kept_until_another_takes_it() -> None:
    pole = PoleFactory(slug="ancienne-adresse-d-essai")
    update(pole, slug="nouvelle-adresse-d-essai")
    known = "SELECT pole_id FROM poles_poleformerslug WHERE slug = 'ancienne-adresse-d-essai'"
    assert rows(known) == [(pole.pk,)]
    PoleFactory(slug="ancienne-adresse-d-essai")
    assert rows(known) == []


def test_the_public_identifier_follows_the_number() -> None:
    pole = PoleFactory()
    kept = rows("SELECT public_id FROM poles_pole WHERE id = %s", pole.pk)
    assert kept == [(f"PTCE-{pole.pk:05d}",)]


def test_leads_can_be_exchanged_in_one_transaction() -> None:
    pole = PoleFactory()
    old = MembershipFactory(pole=pole, role="porteur")
    new = MembershipFactory(pole=pole)
    run("SET CONSTRAINTS poles_membership_one_lead DEFERRED")
    update(new, role="porteur")
    update(old, role="actif")
    run("SET CONSTRAINTS poles_membership_one_lead IMMEDIATE")
    assert Membership.objects.get(pole=pole, role="porteur") == new


def test_full_clean_knows_the_periods() -> None:
    first = MembershipFactory(begins_on="2020-01-01", ends_on="2021-12-31")
    again = Membership(
        pole=first.pole, organisation=first.organisation, begins_on="2021-12-31", role="actif"
    )
    with pytest.raises(ValidationError, match="participe déjà au pôle"):
        again.full_clean()


@pytest.mark.parametrize("factory", [PoleFactory, ThemeFactory], ids=["pole", "theme"])
def test_slugs_are_unique(factory: Any) -> None:
    one, other = factory(), factory()
    with pytest.raises(Exception, match="_slug"):
        update(other, slug=one.slug)


def test_an_alert_is_asked_once_however_its_address_is_written() -> None:
    alert = AlertFactory(email="suivi@exemple.invalid")
    with refused("poles_alert_once"):
        AlertFactory(email="Suivi@Exemple.invalid", theme=alert.theme)
    with pytest.raises(ValidationError, match="déjà demandé"):
        Alert(email="SUIVI@exemple.invalid", frequency="jour", theme=alert.theme).full_clean()
    AlertFactory(email="suivi@exemple.invalid")


@with_database
@given(slug=slugs)
def test_slugs(slug: str) -> None:
    check_slugs("poles_pole_slug_form", PoleFactory, slug)
