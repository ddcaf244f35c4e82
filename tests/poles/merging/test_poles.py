"""Two records of one pole become one: what follows, stays or refuses, and all of it back."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.models import User
from poles.merging.poles import plan_poles
from poles.merging.undoing import undo, why_not
from poles.models import Draft, Merge, Pole, Proposal, VoiceLink
from poles.needs import not_archived
from poles.publishing import restore
from tests.breaking import undone, update, with_database
from tests.factories import (
    AlertFactory,
    ApplicationFactory,
    MembershipFactory,
    NetworkFactory,
    NetworkStaffFactory,
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
    UserFactory,
)
from tests.keeping_factories import CommentFactory
from tests.poles.merging.pairs import merge, pair
from tests.poles.merging.state import days_of, said
from tests.poles.recognised import recognised

pytestmark = pytest.mark.django_db


def filled(kept: Pole, merged: Pole) -> dict[str, Any]:
    """One row of each sort that follows, beside what both have already."""
    theme, place = PoleThemeFactory(pole=merged).theme, PoleCoverageFactory(pole=merged).territory
    for each in (kept, merged):
        PoleSourceFactory(pole=each, url="https://exemple.invalid/les-deux")
        PoleFiguresFactory(pole=each, year=2023)
        PoleProjectFactory(pole=each, title="Le même projet")
        StudyFactory(title="Sur les deux").poles.add(each)
    project = PoleProjectFactory(pole=merged, title="Un jardin")
    project.members.add(OrganisationFactory())
    study = StudyFactory()
    study.poles.add(merged)
    VoiceLink.objects.create(pole=merged, sent_at="2026-01-01T00:00:00Z")
    Draft.objects.create(
        user=UserFactory(), pole=merged, section="identite", saved_at="2026-01-01T00:00:00Z"
    )
    update(merged, slug="zorglub-avant")
    return {
        "themes": theme,
        "coverage": place,
        "networks": PoleNetworkFactory(pole=merged).network,
        "projects": project,
        "figures": PoleFiguresFactory(pole=merged, year=2024),
        "sources": PoleSourceFactory(pole=merged),
        "applications": ApplicationFactory(pole=merged),
        "comments": CommentFactory(pole=merged),
        "reports": ReportFactory(pole=merged),
        "studies": study,
        "proposals": ProposalFactory(pole=merged),
    }


def test_what_the_kept_one_lacked_follows(officer: User) -> None:
    kept, merged = pair()
    came = filled(kept, merged)
    alert = AlertFactory(pole=merged, theme=None)
    merge(kept, merged, officer)
    for name, row in came.items():
        assert row in getattr(kept, name).all(), name
    alert.refresh_from_db()
    assert alert.pole == kept
    # What both said is said once, and nothing is erased.
    assert kept.figures.count() == 2
    assert kept.projects.count() == 2
    assert kept.sources.count() == 2
    assert (merged.figures.get().year, merged.drafts.count()) == (2023, 1)
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.name, kept.acronym, kept.summary) == ("Pôle Zorglub", "PZ", "Ce qu’il fait.")
    assert (merged.record_state, merged.merged_into) == ("archive", kept)
    assert "dont elle était le double" in merged.archive_reason
    assert merged not in not_archived()


def test_undone_everything_is_as_it_was(officer: User) -> None:
    kept, merged = pair()
    filled(kept, merged)
    member = MembershipFactory(pole=kept, role="porteur", begins_on=date(2020, 1, 1))
    MembershipFactory(pole=merged, organisation=member.organisation, role="actif")
    MembershipFactory(pole=merged, role="porteur")
    CommentFactory(pole=merged)
    before = said()
    made = merge(kept, Pole.objects.get(pk=merged.pk), officer, wished={"name": "prendre"})
    kept.refresh_from_db()
    assert kept.name == "PTCE Zorglub"
    undo(made, by=officer, reason="Deux pôles.")
    assert said() == before
    made = merge(kept, Pole.objects.get(pk=merged.pk), officer)
    undo(made, by=officer, reason="Deux pôles.")
    assert said() == before


@pytest.mark.parametrize("state", ["brouillon", "soumis", "publie"])
def test_each_state_comes_back(officer: User, state: str) -> None:
    kept, merged = pair()
    merged = PoleFactory(record_state=state, reference_network=kept.reference_network)
    made = merge(kept, merged, officer)
    undo(made, by=officer, reason="Deux.")
    merged.refresh_from_db()
    assert (merged.record_state, merged.merged_into, merged.archive_reason) == (state, None, "")


days = st.none() | st.dates(date(2018, 1, 1), date(2022, 1, 1))
later = st.none() | st.dates(date(2022, 1, 1), date(2026, 1, 1))
rows = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["actif", "partenaire"]), days, later),
    max_size=3,
    unique_by=lambda row: row[0],
)


@given(rows, rows, st.tuples(st.booleans(), st.booleans()))
@settings(with_database, max_examples=15)
def test_no_day_of_a_member_is_lost_and_all_comes_back(
    mine: list[Any], theirs: list[Any], led: tuple[bool, bool]
) -> None:
    with undone():
        kept, merged = pair()
        members = [OrganisationFactory() for _ in range(3)]
        for pole, made, lead in ((kept, mine, led[0]), (merged, theirs, led[1])):
            for number, (which, role, begins, ends) in enumerate(made):
                MembershipFactory(
                    pole=pole,
                    organisation=members[which],
                    role="porteur" if lead and not number else role,
                    begins_on=begins,
                    ends_on=ends,
                )
        before = said()
        spent = {
            each.pk: {*days_of(kept, [each.pk]), *days_of(merged, [each.pk])} for each in members
        }
        officer = UserFactory(officer=True)
        done = merge(kept, merged, officer)
        assert {each.pk: set(days_of(kept, [each.pk])) for each in members} == spent
        undo(done, by=officer, reason="Deux.")
        assert said() == before


def test_a_pole_has_one_lead(officer: User) -> None:
    kept, merged = pair()
    lead = MembershipFactory(pole=kept, role="porteur", begins_on=date(2022, 1, 1))
    other = MembershipFactory(pole=merged, role="porteur")
    assert other.organisation.name in plan_poles(kept, merged).notes[0]
    merge(kept, merged, officer)
    roles = set(
        kept.memberships.values_list("organisation", "role", "begins_on", "ends_on").order_by("pk")
    )
    assert roles == {
        (lead.organisation_id, "porteur", date(2022, 1, 1), None),
        (other.organisation_id, "porteur", None, date(2021, 12, 31)),
        (other.organisation_id, "actif", date(2022, 1, 1), None),
    }


def test_what_refuses(officer: User) -> None:
    kept, merged = pair()
    network = kept.reference_network
    pole, _ = recognised(reference_network=network, published=True)
    # The recognised record stays.
    with pytest.raises(ValidationError, match="qui doit rester"):
        merge(kept, pole, officer)
    merge(pole, PoleFactory(reference_network=network), officer)
    draft = PoleFactory(reference_network=network)
    with pytest.raises(ValidationError, match="le public ne perde rien"):
        merge(draft, merged, officer)
    gone = PoleFactory(record_state="archive", archive_reason="Fini.")
    for one, other in ((kept, gone), (gone, kept)):
        with pytest.raises(ValidationError, match="est archivée"):
            merge(one, other, officer)
    with pytest.raises(ValidationError, match="double d’elle-même"):
        merge(kept, kept, officer)
    application = ApplicationFactory(pole=kept)
    double = ApplicationFactory(pole=merged, call=application.call)
    with pytest.raises(ValidationError, match="candidature"):
        merge(kept, merged, officer)
    double.delete()
    author = UserFactory()
    for each in (kept, merged):
        ProposalFactory(pole=each, author=author)
    with pytest.raises(ValidationError, match="répondez d’abord"):
        merge(kept, merged, officer)
    Proposal.objects.filter(pole=merged).delete()
    member = MembershipFactory(pole=kept)
    update(merged, legal_person_id=member.organisation_id)
    merged.refresh_from_db()
    with pytest.raises(ValidationError, match="propre membre"):
        merge(kept, merged, officer)


def test_who_may(officer: User) -> None:
    kept, merged = pair()
    manager = NetworkStaffFactory(network=kept.reference_network, role="responsable").user
    editor = NetworkStaffFactory(network=kept.reference_network).user
    with pytest.raises(PermissionDenied, match="publier l’une et l’autre"):
        merge(kept, merged, editor)
    made = merge(kept, merged, manager)
    with pytest.raises(PermissionDenied):
        undo(made, by=editor, reason="Deux.")
    with pytest.raises(PermissionDenied, match="peut s’annuler"):
        restore(Pole.objects.get(pk=merged.pk), by=officer, reason="Reprendre.")
    undo(made, by=manager, reason="Deux.")
    update(merged, reference_network_id=NetworkFactory().pk)
    with pytest.raises(PermissionDenied):
        merge(kept, Pole.objects.get(pk=merged.pk), manager)


def test_what_changed_since_is_told(officer: User) -> None:
    kept, merged = pair()
    PoleSourceFactory(pole=merged)
    made = merge(kept, merged, officer)
    update(kept, acronym="AUTRE")
    kept.sources.all().delete()
    told = why_not(Merge.objects.get(pk=made.pk))
    assert any("sigle" in each for each in told), told
    assert any("Source" in each for each in told), told
    with pytest.raises(ValidationError):
        undo(made, by=officer, reason="Deux.")
    merged.refresh_from_db()
    assert merged.merged_into == kept


def test_a_place_is_taken_whole(officer: User) -> None:
    kept, merged = pair()
    update(kept, latitude=48.1, longitude=-1.6, position_origin="main")
    update(merged, latitude=47.2, longitude=-1.5, position_origin="geocodage", geocoding_score=0.9)
    kept.refresh_from_db()
    merged.refresh_from_db()
    merge(kept, merged, officer, wished={"latitude": "prendre"})
    kept.refresh_from_db()
    assert (float(kept.latitude or 0), kept.position_origin, kept.geocoding_score) == (
        47.2,
        "geocodage",
        0.9,
    )
