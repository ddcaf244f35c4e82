"""The rules of merges, broken with SQL and through the model."""

import pghistory
import pytest
from django.utils import timezone

from networks.models import User
from poles.models import Pole
from tests.breaking import Break, as_server, cases, check_form, check_sql, refused, run, update
from tests.factories import (
    NetworkFactory,
    NetworkStaffFactory,
    OrganisationFactory,
    PoleFactory,
)
from tests.keeping_factories import MergeFactory

pytestmark = pytest.mark.django_db

ONCE = (
    Break("poles_merge_one_kind", MergeFactory, {"organisation": None}),
    Break(
        "poles_merge_one_kind",
        MergeFactory,
        lambda merge: {"pole_id": PoleFactory().pk},
    ),
    Break(
        "poles_merge_not_itself",
        MergeFactory,
        lambda merge: {"merged_organisation": merge.organisation},
    ),
    Break("poles_merge_reason", MergeFactory, {"reason": ""}),
    Break("poles_merge_undone", MergeFactory, {"undone_reason": "Une erreur."}),
)


@cases(*ONCE)
def test_rules_in_the_database(case: Break) -> None:
    # What is kept for ever is refused before: the rules speak of what comes.
    with as_server():
        run("ALTER TABLE poles_merge DISABLE TRIGGER poles_merge_kept")
        check_sql(case)


@cases(*(case for case in ONCE if not callable(case.values)))
def test_rules_in_forms(case: Break) -> None:
    check_form(case)


def test_a_record_is_merged_once_at_a_time() -> None:
    merge = MergeFactory()
    with refused("poles_merge_organisation_once"):
        MergeFactory(merged_organisation=merge.merged_organisation)
    update(merge, undone_at=timezone.now())
    MergeFactory(merged_organisation=merge.merged_organisation)
    nothing = {"organisation": None, "merged_organisation": None}
    pole = PoleFactory()
    MergeFactory(pole=PoleFactory(), merged_pole=pole, **nothing)
    with refused("poles_merge_pole_once"):
        MergeFactory(pole=PoleFactory(), merged_pole=pole, **nothing)


def test_a_merge_is_kept_as_it_was_done() -> None:
    merge = MergeFactory()
    for values in (
        {"reason": "Une autre"},
        {"steps": "[1]"},
        {"organisation": OrganisationFactory().pk},
        {"by_id": User.objects.create(email="autre@exemple.invalid").pk},
    ):
        with as_server(), refused("poles_merge_kept"):
            update(merge, **values)
    with as_server(), refused("poles_merge_kept"):
        run("DELETE FROM poles_merge WHERE id = %s", merge.pk)
    update(merge, undone_at=timezone.now(), undone_reason="Deux", undone_by_id=merge.by_id)
    for values in ({"undone_at": None}, {"undone_reason": "Autre"}):
        with as_server(), refused("poles_merge_kept"):
            update(merge, **values)
    # The account of who did it can be erased.
    update(merge, by_id=None, undone_by_id=None)


def merged_with_sql(one: Pole, into: Pole | None) -> None:
    run(
        "UPDATE poles_pole SET record_state = %s, archive_reason = %s, merged_into_id = %s"
        " WHERE id = %s",
        *("archive", "Double.") if into else ("publie", ""),
        into.pk if into else None,
        one.pk,
    )


def test_a_merged_record_is_archived_and_is_no_double_of_itself() -> None:
    one, other = PoleFactory(published=True), PoleFactory(published=True)
    with refused("poles_pole_merged"):
        update(one, merged_into_id=other.pk)
    with refused("poles_pole_merged"):
        merged_with_sql(one, one)
    merged_with_sql(one, other)
    with refused("poles_pole_merged"):
        update(one, record_state="brouillon")


def test_a_record_is_merged_into_the_one_that_stands() -> None:
    one, other, third = (PoleFactory(published=True) for _ in range(3))
    merged_with_sql(one, other)
    with refused("poles_pole_merged_chain"):
        merged_with_sql(third, one)
    with refused("poles_pole_merged_chain"):
        merged_with_sql(other, third)


def test_who_may_publish_both_merges_them() -> None:
    network = NetworkFactory()
    one, other = (PoleFactory(published=True, reference_network=network) for _ in range(2))
    elsewhere = PoleFactory(published=True, reference_network=NetworkFactory())
    manager = NetworkStaffFactory(network=network, role="responsable").user
    editor = NetworkStaffFactory(network=network).user
    with pghistory.context(user=editor.pk), refused("poles_pole_record_step_by"):
        merged_with_sql(one, other)
    with pghistory.context(user=manager.pk):
        with refused("poles_pole_record_step_by"):
            merged_with_sql(one, elsewhere)
        merged_with_sql(one, other)
        merged_with_sql(one, None)
