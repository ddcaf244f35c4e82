"""All organisations compared with the State's register: paced, resumable, told of."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from members.management.commands import refresh_organisations as command
from members.management.commands.refresh_organisations import Pace
from members.models import Organisation, RegisterCheck
from tests.breaking import run
from tests.factories import OrganisationFactory, valid_siren
from tests.members.register_server import Register, status, unit
from tests.poles.recognised import recognised

SIREN = valid_siren(55_210_055)
OTHER = valid_siren(44_306_184)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def refresh(said: StringIO | None = None, **options: Any) -> str:
    said = said or StringIO()
    call_command("refresh_organisations", stdout=said, **options)
    return said.getvalue().replace("\u00a0", " ")


def numbered(server: Register, how_many: int) -> list[str]:
    numbers = [valid_siren(33_000_000 + n) for n in range(how_many)]
    for number in numbers:
        OrganisationFactory(siren=number)
        server.add(number)
    return numbers


@pytest.mark.django_db
def test_all_are_compared_and_told_of(server: Register) -> None:
    organisation = OrganisationFactory(siren=SIREN, name="Association d’essai")
    OrganisationFactory(siren=OTHER, name="Absente d’essai")
    server.add(SIREN)
    said = refresh()
    assert "Association d’essai : nature, inconnu → association" in said
    assert "Absente d’essai" in said
    events = Organisation.pgh_event_model.objects.filter(pgh_obj_id=organisation.pk)  # type: ignore[attr-defined]
    written = events.filter(pgh_label="update").values_list("pgh_context__metadata", flat=True)
    assert [each["command"] for each in written] == ["refresh_organisations"]
    asked = len(server.asked)
    assert "0 organisation(s) comparée(s)" in refresh()
    assert len(server.asked) == asked
    assert "2 organisation(s) comparée(s)" in refresh(restart=True)


@pytest.mark.django_db
def test_interrupted_it_goes_on_where_it_stopped(server: Register) -> None:
    numbers = numbered(server, 8)
    server.replies += [status(200, {"results": [unit(numbers[0])]})] + [status(504)] * 5
    said = StringIO()
    with pytest.raises(CommandError, match="reprend ici"):
        refresh(said)
    assert "1 organisation(s) comparée(s)" in said.getvalue()
    assert RegisterCheck.objects.count() == 1
    assert "7 organisation(s) comparée(s)" in refresh()
    assert RegisterCheck.objects.count() == 8


@pytest.mark.django_db
def test_retry_after_is_honoured(server: Register) -> None:
    OrganisationFactory(siren=SIREN)
    server.add(SIREN)
    server.replies.append(status(429, Retry_After="1"))
    assert "Sans réponse : 0" in refresh()
    assert server.at[1] - server.at[0] >= 1


@pytest.mark.django_db
def test_a_closing_that_would_break_a_recognised_pole_is_refused_and_told(
    server: Register,
) -> None:
    pole, members = recognised(name="Pôle du Val")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    school = members[2].organisation
    run("UPDATE members_organisation SET siren = %s WHERE id = %s", SIREN, school.pk)
    server.add(SIREN, etat_administratif="C", date_fermeture="2024-01-01", nature_juridique=None)
    said = refresh()
    assert "Refusé par la base, laissé tel quel : 1" in said
    assert "Pôle du Val" in said
    school.refresh_from_db()
    pole.refresh_from_db()
    assert (school.closed_on, pole.recognition) == (None, "reconnu")


@pytest.mark.django_db
def test_it_stops_at_once_when_told_to_wait_for_long(server: Register) -> None:
    numbered(server, 3)
    server.replies.append(status(429, Retry_After="600"))
    with pytest.raises(CommandError, match="attendre 10 minutes"):
        refresh()
    assert len(server.asked) == 1


@pytest.mark.django_db
def test_numbers_that_are_none_are_told_and_do_not_stop_it(server: Register) -> None:
    for n in range(8):
        OrganisationFactory(siren=f"10000000{n}")
    OrganisationFactory(siren=SIREN)
    server.add(SIREN)
    said = refresh()
    assert "Sans réponse : 7" in said or "Sans réponse : 8" in said
    assert [each["q"] for each in server.asked][-1] == SIREN


@pytest.mark.django_db
def test_ctrl_c_keeps_what_is_done_and_says_so(
    server: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = numbered(server, 3)

    def interrupted(organisation: Organisation, unit: Any) -> Any:
        if unit.siren == numbers[1]:
            Organisation.objects.filter(pk=organisation.pk).update(name="À demi")
            raise KeyboardInterrupt
        return apply(organisation, unit)

    apply = command.apply
    monkeypatch.setattr(command, "apply", interrupted)
    said = StringIO()
    with pytest.raises(CommandError, match=r"Interrompue\..*reprend ici") as stopped:
        refresh(said)
    assert stopped.value.returncode == 130
    assert "1 organisation(s) comparée(s)" in said.getvalue()
    assert not Organisation.objects.filter(name="À demi").exists()
    monkeypatch.undo()
    assert "2 organisation(s) comparée(s)" in refresh()


@pytest.mark.django_db
def test_the_next_day_at_the_same_hour_all_are_due_the_oldest_first(server: Register) -> None:
    numbers = numbered(server, 3)
    refresh()
    for hours, number in zip((24, 30, 25), numbers, strict=True):
        RegisterCheck.objects.filter(organisation__siren=number).update(
            checked_at=timezone.now() - timedelta(hours=hours) + timedelta(minutes=9)
        )
    cache.clear()
    server.asked.clear()
    assert "3 organisation(s) comparée(s)" in refresh()
    assert [each["q"] for each in server.asked] == [numbers[1], numbers[2], numbers[0]]


@pytest.mark.django_db
def test_the_report_tells_what_ceased_and_what_waits(server: Register) -> None:
    OrganisationFactory(siren=SIREN, name="Close d’essai")
    OrganisationFactory(siren=OTHER, name="SAS d’essai", is_training_body=False)
    server.add(SIREN, etat_administratif="C", date_fermeture="2024-05-02")
    server.add(
        OTHER, nature_juridique="5710", complements={"est_organisme_formation": True}, siege={}
    )
    said = refresh()
    assert "Fermée d’après l’annuaire : 1\n  Close d’essai, le 2 mai 2024" in said
    assert "SAS d’essai : nature = entreprise (catégorie juridique 5710" in said
    assert "tel quel : 1\n  SAS d’essai : organisme de formation déclaré = oui" in said


@pytest.mark.django_db
def test_values_out_of_form_do_not_stop_it(server: Register) -> None:
    organisation = OrganisationFactory(siren=SIREN)
    server.add(SIREN, nature_juridique="92201", siege={"siret": "1" * 18})
    assert "1 organisation(s) comparée(s)" in refresh()
    organisation.refresh_from_db()
    assert (organisation.siret, organisation.legal_category) == (None, "")


@pytest.mark.django_db
def test_names_are_searched_for_on_demand_and_nothing_is_written(server: Register) -> None:
    run("UPDATE members_organisation SET siren = lpad(id::text, 9, '0')")
    OrganisationFactory(name="Groupe Ulisse")
    OrganisationFactory(name="AB")
    server.add(SIREN, nom_complet="GROUPE ULISSE", nom_raison_sociale="GROUPE ULISSE")
    written = Organisation.pgh_event_model.objects.count()
    said = refresh(search=True)
    assert f"Groupe Ulisse : 1 candidate(s)\n  {SIREN} GROUPE ULISSE\n" in said
    assert "AB : Il faut au moins trois lettres" in said
    assert [each["q"] for each in server.asked] == ["Groupe Ulisse"]
    assert Organisation.pgh_event_model.objects.count() == written
    assert not RegisterCheck.objects.exists()


@pytest.mark.django_db
def test_a_terminal_shows_a_bar_and_a_file_plain_lines(
    server: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbered(server, 5)
    monkeypatch.setattr(command, "_LINE_EVERY", 2)
    said = refresh()
    assert said.startswith("2/5\n4/5\n5/5\n5 organisation(s)")
    assert "\r" not in said
    shown = refresh(Terminal(), restart=True)
    assert shown.count("\r") == 6
    assert "\r" + "█" * 30 + " 5/5\n" in shown


def test_the_pace_is_that_of_the_published_limit() -> None:
    now = [0.0]
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        now[0] += seconds

    pace = Pace(7, clock=lambda: now[0], sleep=sleep)
    for _ in range(71):
        pace.wait()
    assert now[0] == pytest.approx(10)
    pace.wait(at_least=30)
    assert now[0] == pytest.approx(40, abs=0.2)


@given(st.lists(st.floats(0, 5), min_size=8, max_size=40))
def test_no_second_holds_more_requests_whatever_the_answers_take(taken: list[float]) -> None:
    now = [0.0]

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    pace = Pace(7, clock=lambda: now[0], sleep=pass_by)
    asked = []
    for seconds in taken:
        pace.wait()
        asked.append(now[0])
        pass_by(seconds)
    for first, eighth in zip(asked, asked[7:], strict=False):
        assert eighth - first >= 1 - 1e-9
