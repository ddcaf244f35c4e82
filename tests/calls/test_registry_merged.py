"""A load finds neither what was merged, nor makes it anew."""

from pathlib import Path

import pytest

from calls.registry.loading import load_registry
from members.models import Organisation
from poles.merging.organisations import merge_organisations
from poles.merging.poles import merge_poles
from poles.models import Pole
from tests.calls.registry_files import a_pole, pole_file
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_what_was_merged_is_not_made_anew(tmp_path: Path) -> None:
    twice = (
        a_pole(name="Pôle d’essai", members="Structure Une|association"),
        a_pole(name="PTCE de l’essai", members="Structure Deux|association"),
    )
    load_registry(pole_file(tmp_path, *twice))
    officer = UserFactory(officer=True)
    one, other = (Organisation.objects.get(name=f"Structure {n}") for n in ("Une", "Deux"))
    merge_organisations(one, other, by=officer, reason="La même.")
    kept, merged = (Pole.objects.get(name=each["name"]) for each in twice)
    merge_poles(kept, merged, by=officer, reason="Le même.")
    before = (Organisation.objects.count(), Pole.objects.count())
    load_registry(tmp_path)
    assert (Organisation.objects.count(), Pole.objects.count()) == before
    assert not Organisation.objects.filter(name="Structure Deux").exists()
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.record_state, merged.merged_into) == ("publie", kept)
    assert [each.organisation for each in kept.memberships.all()] == [one]
