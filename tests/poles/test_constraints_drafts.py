"""One draft of a section for each person, broken with SQL."""

import pytest
from django.utils import timezone

from poles.drafts import draft_of, keep_draft
from poles.models import Draft
from tests.breaking import refused, run
from tests.factories import PoleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("of_a_pole", [True, False], ids=["of a pole", "of a new one"])
def test_one_draft_of_a_section_a_person(of_a_pole: bool) -> None:
    user, pole = UserFactory(), PoleFactory() if of_a_pole else None
    keep_draft(user, pole, "identite", {"name": ["Un"]}, {})
    keep_draft(user, pole, "identite", {"name": ["Deux"]}, {"name": ""})
    found = draft_of(user, pole, "identite")
    assert found is not None
    assert (found.data, found.base) == ({"name": ["Deux"]}, {"name": ""})
    keep_draft(user, pole, "lieu", {}, {})
    assert Draft.objects.filter(user=user).count() == 2
    with refused("poles_draft_once"):
        run(
            "INSERT INTO poles_draft (user_id, pole_id, section, data, base, saved_at)"
            " VALUES (%s, %s, 'identite', '{}', '{}', %s)",
            user.pk,
            pole and pole.pk,
            timezone.now(),
        )
