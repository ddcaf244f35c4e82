"""The history of an organisation, and its versions brought back."""

from typing import Any

import pghistory
import pytest

from members.models import FactEvidence, Organisation
from poles.models import Proposal
from poles.record import ORGANISATION_FIELDS, Change, organisation_values, write_organisation
from poles.record.organisation_history import history_of_organisation, versions_of_organisation
from tests.breaking import update
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.html import assert_clean_html
from tests.workspace.staff import MAX_STATEMENTS, kept, signed_in

pytestmark = pytest.mark.django_db


def address(organisation: Organisation, version: int | None = None) -> str:
    return f"/espace/organisations/{organisation.pk}/historique/" + (
        f"{version}/" if version else ""
    )


def page(user: Any, organisation: Organisation, version: int | None = None) -> str:
    response = signed_in(user).get(address(organisation, version))
    assert response.status_code == 200
    html = response.content.decode()
    assert_clean_html(html)
    return html


def told(organisation: Organisation) -> list[str]:
    entries, _ = history_of_organisation(organisation)
    return [
        each.text + "".join(f" {p.kind}:{p.text.strip()}" for p in each.pieces)
        for entry in entries
        for each in entry.sentences
    ]


def test_each_version_gives_what_was_read_of_it() -> None:
    organisation = OrganisationFactory(kind="association")
    seen = {}
    for values in (
        {"name": "Les Tracols"},
        {"kind": "ess", "is_training_body": True},
        {"website": "https://exemple.invalid/", "siren": "732829320"},
        {"siren": None, "closed_on": "2024-01-01"},
    ):
        update(organisation, **values)
        found = Organisation.objects.get(pk=organisation.pk)
        seen[found.version] = organisation_values(found)
    read = versions_of_organisation(found, *seen)
    assert {version.number: version.values for version in read} == seen
    assert [version.is_current for version in read] == [False, False, False, True]


def test_facts_and_evidence_in_sentences() -> None:
    organisation = OrganisationFactory()
    with pghistory.context(why="x"):
        write_organisation(
            organisation, [Change("is_training_body", None, True)], source="Liste publique"
        )
    found = told(organisation)
    assert "Organisme de formation déclaré come:oui" in found
    [evidence] = [each for each in found if each.startswith("Preuve")]
    assert evidence.startswith("Preuve ajoutée\u00a0: organisme de formation déclaré = oui (")
    assert evidence.endswith("Liste publique")


def test_its_poles_are_told() -> None:
    member = MembershipFactory()
    assert (
        f"Participation au pôle «\u00a0{member.pole.name}\u00a0» ajoutée\u00a0: membre actif."
        in (told(member.organisation))
    )


def test_a_version_comes_back_with_its_evidence() -> None:
    record = kept()
    organisation = OrganisationFactory(name="Le bon nom", kind="association")
    MembershipFactory(pole=record.pole, organisation=organisation)
    update(organisation, name="Le mauvais nom", kind="inconnu")
    assert "mauvais" in page(record.editor, organisation, 1)
    response = signed_in(record.editor).post(
        address(organisation, 1), {"seen": 2, "keys": ["name", "kind"], "some": "1"}
    )
    assert response.status_code == 302
    organisation.refresh_from_db()
    assert (organisation.name, organisation.kind) == ("Le bon nom", "association")
    assert FactEvidence.objects.filter(
        organisation=organisation, aspect="kind", source="retour à la version 1"
    ).exists()
    assert "retour à la version 1" in page(record.editor, organisation)


def test_who_keeps_none_of_its_poles_proposes() -> None:
    record = kept(record_state="publie")
    organisation = OrganisationFactory(name="Le bon nom")
    MembershipFactory(pole=record.pole, organisation=organisation)
    update(organisation, name="Le mauvais nom")
    signed_in(record.stranger).post(
        address(organisation, 1), {"seen": 2, "keys": ["name"], "some": "1"}
    )
    organisation.refresh_from_db()
    assert organisation.name == "Le mauvais nom"
    assert list(Proposal.objects.get(organisation=organisation).changes) == ["name"]


def test_statements(django_assert_max_num_queries: Any) -> None:
    record = kept()
    organisation = MembershipFactory(pole=record.pole).organisation
    client = signed_in(UserFactory(officer=True))
    editor = signed_in(record.editor)

    def count() -> list[int]:
        counts = []
        for each in (client, editor):
            for version in (None, 1):
                with django_assert_max_num_queries(MAX_STATEMENTS) as counted:
                    assert each.get(address(organisation, version)).status_code == 200
                counts.append(len(counted))
        return counts

    def grow(n: int) -> None:
        for i in range(n):
            with pghistory.context(why=f"{n} {i}", user=record.editor.pk):
                update(organisation, name=f"Nom {n} {i}")
            MembershipFactory(organisation=organisation)

    grow(2)
    few = count()
    grow(20)
    assert count() == few


def test_every_field_of_the_record_has_a_name() -> None:
    assert all(field.label for field in ORGANISATION_FIELDS.values())
