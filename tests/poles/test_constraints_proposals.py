"""The rules of proposals, broken with SQL and in forms."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from psycopg.types.json import Jsonb

from poles.models import Proposal
from tests.breaking import refused, update
from tests.factories import OrganisationFactory, PoleFactory, ProposalFactory, UserFactory

pytestmark = pytest.mark.django_db

NOT_CHANGES: list[Any] = [
    {},
    ["un", "deux"],
    "un",
    {"summary": "Un résumé"},
    {"summary": {"after": "Un résumé"}},
    {"summary": {"before": ""}},
    {"summary": {"before": "", "after": ""}, "name": None},
]


@pytest.mark.parametrize("changes", NOT_CHANGES, ids=str)
def test_changes_say_what_was_before_and_what_after(changes: Any) -> None:
    proposal = ProposalFactory()
    with refused("poles_proposal_changes"):
        update(proposal, changes=Jsonb(changes))
    proposal.changes = changes
    with pytest.raises(ValidationError, match="avant et après"):
        proposal.full_clean()


def test_words_are_enough() -> None:
    proposal = ProposalFactory(changes={}, message="Le téléphone a changé")
    proposal.full_clean()
    with refused("poles_proposal_changes"):
        update(proposal, message="")


@pytest.mark.parametrize(
    ("rule", "subject"),
    [
        ("poles_proposal_one_waiting_pole", lambda: {"pole": PoleFactory()}),
        (
            "poles_proposal_one_waiting_organisation",
            lambda: {"pole": None, "organisation": OrganisationFactory()},
        ),
    ],
    ids=["pole", "organisation"],
)
def test_an_author_has_one_proposal_waiting_on_a_record(rule: str, subject: Any) -> None:
    about, author = subject(), UserFactory()
    ProposalFactory(author=author, **about)
    ProposalFactory(**about)
    ProposalFactory(**about)
    with refused(rule):
        ProposalFactory(author=author, **about)
    ProposalFactory(author=author, state="acceptee", decided_at=timezone.now(), **about)
    again = Proposal(author=author, base_version=1, changes={}, message="Encore", origin="public")
    for name, value in about.items():
        setattr(again, name, value)
    with pytest.raises(ValidationError, match="a déjà une proposition en attente"):
        again.full_clean()
