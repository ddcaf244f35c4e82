"""The made-up poles: whole, marked, the same everywhere, never to be taken for real ones."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, Model, Q
from pytest_django import Settings

from calls.models import Call
from catalogue.models import PoleIndex, Precision
from members.models import Organisation
from networks.models import Network
from poles.models import Pole, PoleProject, PoleSource
from ptce_registry import made_up
from ptce_registry.made_up_walk import SLUG as WALK

MADE_UP = Q(slug__startswith=made_up.SLUG_PREFIX) & ~Q(slug=WALK)


@pytest.fixture(autouse=True)
def _demonstration(settings: Settings) -> None:
    settings.DEMONSTRATION = True


def fill(size: int) -> str:
    said = StringIO()
    call_command("demo", size=size, stdout=said)
    return said.getvalue()


def composition() -> dict[str, set[str]]:
    """The members of each made-up pole."""
    members: dict[str, set[str]] = {}
    pairs = Pole.objects.filter(MADE_UP).values_list("slug", "memberships__organisation__slug")
    for pole, organisation in pairs.order_by("slug"):
        members.setdefault(pole, set()).add(organisation)
    return members


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Vannes", "de Vannes"),
        ("Angers", "d’Angers"),
        ("Évreux", "d’Évreux"),
        ("Le Mans", "du Mans"),
        ("Les Sables-d’Olonne", "des Sables-d’Olonne"),
        ("La Rochelle", "de La Rochelle"),
    ],
)
def test_a_place_after_de(place: str, expected: str) -> None:
    assert made_up.of(place) == expected


@pytest.mark.django_db
def test_each_is_published_with_ten_members() -> None:
    fill(30)
    poles = Pole.objects.published().filter(MADE_UP).annotate(n=Count("memberships"))
    assert list(poles.values_list("n", flat=True)) == [made_up.MEMBERS_EACH] * 30
    rows = PoleIndex.objects.filter(MADE_UP)
    assert rows.count() == 30
    assert not rows.filter(Q(region="") | Q(themes=[]) | Q(latitude=None)).exists()
    shared = Organisation.objects.filter(MADE_UP).annotate(n=Count("memberships"))
    assert shared.filter(n__gt=1).exists()


@pytest.mark.django_db
def test_one_in_seven_is_known_only_to_its_departement_or_region() -> None:
    fill(300)
    rows = PoleIndex.objects.filter(MADE_UP)
    vague = rows.filter(precision__gte=Precision.DEPARTEMENT).count()
    assert 30 <= vague <= 60


@pytest.mark.django_db
def test_nothing_made_up_can_be_taken_for_real() -> None:
    before: dict[type[Model], set[int]] = {
        model: set(model._default_manager.values_list("pk", flat=True))
        for model in (Pole, Organisation, Network, Call, PoleProject, PoleSource)
    }
    fill(30)

    def new(model: type[Model]) -> list:
        return list(model._default_manager.exclude(pk__in=before[model]).order_by("pk"))

    for model in (Pole, Organisation, Network):
        assert new(model)
        for each in new(model):
            assert each.name.endswith(made_up.MARK)
            assert each.slug.startswith(made_up.SLUG_PREFIX)
    assert all(pole.summary.startswith("Pôle fictif") for pole in new(Pole))
    assert all(call.name.endswith(made_up.MARK) for call in new(Call))
    assert all(project.title.endswith(made_up.MARK) for project in new(PoleProject))
    assert all(source.url.startswith(made_up.SITE) for source in new(PoleSource))


@pytest.mark.django_db
def test_real_records_stay_as_they_are() -> None:
    real = Pole.objects.exclude(slug__startswith=made_up.SLUG_PREFIX).order_by("pk")
    before = list(real.values_list("slug", "version"))
    said = fill(20)
    assert list(real.values_list("slug", "version")) == before
    assert ("qui ne sont pas fictifs" in said) == bool(before)


@pytest.mark.django_db
def test_more_are_added_to_those_that_are_there_as_if_made_at_once() -> None:
    with transaction.atomic():
        fill(35)
        at_once = composition()
        transaction.set_rollback(True)
    fill(20)
    first = composition()
    fill(35)
    assert len(first) == 20
    assert composition() == at_once
    assert {slug: at_once[slug] for slug in first} == first
    assert "déjà là" in fill(10)
    assert composition() == at_once


@pytest.mark.django_db
def test_only_in_a_demonstration(settings: Settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="démonstration"):
        fill(1)


@pytest.mark.django_db(databases=["default"])
def test_one_shows_the_way_to_a_recognition_and_back(mailoutbox: list) -> None:
    fill(1)
    fill(2)
    pole = Pole.objects.published().get(slug=WALK)
    assert (pole.recognition, pole.verdict) == ("reconnu", "satisfaite")
    assert [mail.to[0].endswith("@fictif.example") for mail in mailoutbox] == [True]
    assert "en régularisation" in mailoutbox[0].subject
