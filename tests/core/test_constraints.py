import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.models import DataVersion, SavedFilter, Sending
from tests.breaking import refused, run
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_data_has_one_version() -> None:
    with refused("core_dataversion_one_row"):
        run(
            "INSERT INTO core_dataversion (id, number, moved_at, moved_by_transaction)"
            " VALUES (2, 1, now(), 0)"
        )
    with pytest.raises(ValidationError, match="tient en une ligne"):
        DataVersion(id=2, moved_at=timezone.now()).full_clean()


def test_an_hour_of_one_sender_is_counted_once() -> None:
    now = timezone.now()
    Sending.objects.create(key="a", hour=now, number=1)
    with refused("core_sending_once"):
        run("INSERT INTO core_sending (key, hour, number) VALUES ('a', %s, 1)", now)
    with pytest.raises(ValidationError, match="déjà comptés"):
        Sending(key="a", hour=now, number=1).full_clean()


def test_a_saved_filter_has_its_name_once_and_filters_something() -> None:
    owner = UserFactory()
    given = {"owner": owner, "listing": "poles.pole", "query": "q=jardin"}
    SavedFilter.objects.create(name="Jardins", **given)
    with refused("core_savedfilter_once"):
        SavedFilter.objects.create(name="Jardins", **given)
    with pytest.raises(ValidationError, match="a déjà ce nom"):
        SavedFilter(name="Jardins", **given).full_clean()
    SavedFilter.objects.create(name="Jardins", **{**given, "listing": "calls.call"})
    for wrong in ({"name": ""}, {"query": ""}):
        with refused("core_savedfilter_said"):
            SavedFilter.objects.create(**{"name": "Vide", **given, **wrong})
