"""All organisations compared with the State's register: paced, resumable, told of."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from members.management.commands.refresh_organisations import Pace
from members.models import Organisation, RegisterCheck
from tests.breaking import run
from tests.factories import OrganisationFactory, valid_siren
from tests.members.register_server import Register, status, unit
from tests.poles.recognised import recognised

SIREN = valid_siren(55_210_055)
OTHER = valid_siren(44_306_184)


def refresh(**options: Any) -> str:
    said = StringIO()
    call_command("refresh_organisations", stdout=said, **options)
    return said.getvalue()


@pytest.mark.django_db
def test_all_are_compared_and_told_of(server: Register) -> None:
    organisation = OrganisationFactory(siren=SIREN, name="Association d’essai")
    OrganisationFactory(siren=OTHER, name="Absente d’essai")
    server.add(SIREN)
    said = refresh()
    assert "Association d’essai : nature, inconnu → association" in said.replace("\u00a0", " ")
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
    numbers = [valid_siren(33_000_000 + n) for n in range(8)]
    for number in numbers:
        OrganisationFactory(siren=number)
        server.add(number)
    server.replies += [status(200, {"results": [unit(numbers[0])]})] + [status(504)] * 5
    with pytest.raises(CommandError, match="reprend ici"):
        refresh()
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
