"""The page of a pole as of a day: the day of the facts, not of their recording."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client

from poles.models import Membership, Pole
from poles.recognition import recognise, regularise
from tests.directory.records import MAX_STATEMENTS, context_of, read, statements
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    MembershipFactory,
    PoleFactory,
    PoleFiguresFactory,
    PoleProjectFactory,
    StudyFactory,
    UserFactory,
    WaveFactory,
)
from tests.poles.compositions import TODAY
from tests.poles.recognised import trio

pytestmark = pytest.mark.django_db


def on(client: Client, pole: Pole, day: object) -> str:
    return read(client, f"{pole.get_absolute_url()}?au={day}")


def laureate(pole: Pole, **call: object) -> None:
    ApplicationFactory(
        pole=pole, call=CallFactory(name="Appel d’essai", **call), decision="laureat"
    )


def test_a_decision_is_not_shown_before_its_day(client: Client) -> None:
    pole = PoleFactory(published=True)
    laureate(pole, opens_on=date(2020, 1, 1), results_on=date(2021, 6, 1))
    assert "Appel d’essai" not in on(client, pole, "2021-05-31")
    assert "Appel d’essai Lauréat" in on(client, pole, "2021-06-01")


def test_a_decision_without_a_date_is_unknown_on_a_past_day(client: Client) -> None:
    pole = PoleFactory(published=True)
    laureate(pole, opens_on=date(2022, 1, 1), closes_on=date(2022, 10, 17))
    assert "Appel d’essai" not in on(client, pole, "2022-10-16")
    then = on(client, pole, "2022-10-17")
    assert "Appel d’essai Inconnue ce jour-là" in then
    assert "Lauréat" not in then
    assert "Appel d’essai Lauréat" in read(client, pole.get_absolute_url())
    assert "Appel d’essai Lauréat" in on(client, pole, TODAY + timedelta(days=1))


def test_the_decision_of_a_wave_is_that_of_its_results(client: Client) -> None:
    pole = PoleFactory(published=True)
    wave = WaveFactory(
        call=CallFactory(name="Appel d’essai", opens_on=date(2020, 1, 1), permanent=True),
        results_on=date(2021, 6, 1),
    )
    ApplicationFactory(pole=pole, call=wave.call, wave=wave, decision="laureat")
    assert "Appel d’essai" not in on(client, pole, "2021-05-31")
    assert "Lauréat" in on(client, pole, "2021-06-01")


def test_a_permanent_call_decides_before_it_closes(client: Client) -> None:
    pole = PoleFactory(published=True)
    laureate(pole, permanent=True, opens_on=date(2021, 5, 12), closes_on=date(2023, 5, 31))
    assert "Appel d’essai" not in on(client, pole, "2021-05-11")
    assert "Appel d’essai Inconnue ce jour-là" in on(client, pole, "2022-01-01")


def test_projects_figures_and_studies_of_later_are_not_shown(client: Client) -> None:
    pole = PoleFactory(published=True)
    PoleProjectFactory(pole=pole, title="Projet de 2020", begins_on=date(2020, 1, 1))
    PoleProjectFactory(pole=pole, title="Projet sans date", begins_on=None)
    PoleFiguresFactory(pole=pole, year=2021, members=777, members_public=True)
    StudyFactory(title="Étude de 2022", year=2022).poles.add(pole)
    before = on(client, pole, "2019-12-31")
    assert "Projet sans date" in before
    for later in ("Projet de 2020", "777", "Étude de 2022"):
        assert later not in before
        assert later in on(client, pole, "2022-01-01")


def test_founding_and_closing_are_those_of_the_day(client: Client) -> None:
    pole = PoleFactory(
        published=True,
        founding_year=2015,
        closed_on=date(2023, 4, 1),
        maturity="clos",
        maturity_year=2023,
    )
    assert "Le pôle n’était pas encore créé" in on(client, pole, "2014-12-31")
    assert "Le pôle a été créé cette année-là" in on(client, pole, "2015-06-01")
    before = on(client, pole, "2020-01-01")
    assert "Maturité inconnue ce jour-là" in before
    assert "1er avril 2023" not in before
    assert "À cette date, le pôle est fermé" in on(client, pole, "2023-04-01")
    assert "1er avril 2023" in read(client, pole.get_absolute_url())


def test_the_list_of_members_was_not_confirmed_yet(client: Client) -> None:
    pole, _ = trio(published=True, members_confirmed_on=date(2024, 3, 5))
    before = on(client, pole, "2024-03-04")
    assert "confirmée complète plus tard seulement, le 5 mars 2024" in before
    assert "plus tard" not in on(client, pole, "2024-03-05")


def test_who_may_have_been_the_lead_is_said_so(client: Client) -> None:
    pole = PoleFactory(published=True, lead_words="la porteuse")
    MembershipFactory(pole=pole, role="porteur", organisation__name="Porteuse", begins_on=None)
    then = on(client, pole, "2020-01-01")
    assert "Déjà membres ce jour-là" in then
    assert "Porteuse structure porteuse" in then
    assert "la porteuse" not in then


def test_a_beginning_to_come_is_said_of_the_day(client: Client) -> None:
    pole = PoleFactory(published=True)
    MembershipFactory(pole=pole, begins_on=date(2018, 3, 1))
    MembershipFactory(pole=pole, begins_on=date(2017, 1, 1))
    assert "à partir du 1er mars 2018" in on(client, pole, "2017-06-01")


def test_regularisation_is_told_with_its_delay(client: Client) -> None:
    pole, members = trio(published=True)
    officer = UserFactory(officer=True)
    recognise(pole, officer, "Motif", on=date(2020, 3, 1))
    pole.refresh_from_db()
    with transaction.atomic():
        Membership.objects.filter(pk=members[0].pk).update(ends_on=TODAY - timedelta(days=1))
        regularise(pole, "Départ", officer=officer, days=30)
    assert "En régularisation" in read(client, pole.get_absolute_url())
    assert "Reconnu, le 1er mars 2020" in on(client, pole, "2021-01-01")
    assert "Aucune ce jour-là" in on(client, pole, "2020-02-29")


def test_search_engines_are_told_of_today_alone(client: Client) -> None:
    pole, _ = trio(published=True)
    address = pole.get_absolute_url()
    then = client.get(f"{address}?au=2020-01-01").content.decode()
    assert "application/ld+json" not in then
    assert f'{address}">' in then.partition('rel="canonical"')[2].partition("\n")[0]
    assert "application/ld+json" in client.get(address).content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar(client: Client, day: str) -> None:
    pole, _ = trio(published=True, founding_year=2015)
    assert "Revenir à aujourd’hui" in on(client, pole, day)


def test_one_statement_more_for_recognition_on_a_past_day(client: Client) -> None:
    pole, _ = trio(published=True)
    laureate(pole, results_on=date(2021, 6, 1))
    today = statements(client, pole.get_absolute_url())
    then = statements(client, f"{pole.get_absolute_url()}?au=2021-10-01")
    assert then == today + 1
    assert then <= MAX_STATEMENTS


def test_today_by_its_date_is_today(client: Client) -> None:
    pole, _ = trio(published=True)
    context = context_of(client, f"{pole.get_absolute_url()}?au={TODAY}")
    assert context["as_of"].is_today
