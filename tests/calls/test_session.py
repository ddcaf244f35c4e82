"""The pages of a file and of a session, as an officer uses them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call
from tests.call_factories import RegionalOpinionFactory, call_at, file_of, satisfied_pole
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    StrandFactory,
    UserFactory,
    WaveFactory,
)
from tests.forms import filled
from tests.html import html_findings

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory(officer=True, full_name="Odile Agente"))
    return client


def session(call: Call) -> str:
    return reverse("admin:calls_call_session", args=[call.pk])


def examination(file: Application) -> str:
    return reverse("admin:calls_application_examination", args=[file.pk])


def grid(client: Client, address: str, **typed: Any) -> Any:
    """The grid as it is shown, with what is typed in it: ``laureate_3="1000"`` and the like."""
    page = client.get(address)
    data: dict[str, Any] = {"committee": "Comité interministériel", "held_on": TODAY}
    for row in page.context["rows"]:
        prefix, shown = row["form"].prefix, row["form"].initial
        for name, value in shown.items():
            data[f"{prefix}-{name}"] = "" if value is None else value
    return client.post(address, data | typed)


def typed(file: Application, decision: str, amount: str = "") -> dict[str, str]:
    return {f"file-{file.pk}-decision": decision, f"file-{file.pk}-amount": amount}


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address)
    assert page.status_code == 200
    found = html_findings(page.content.decode())
    assert [f for f in found if "style" in f or "handler" in f] == []
    return len(captured)


def test_all_is_decided_at_once(officer: Client) -> None:
    call = call_at(envelope_eur=100_000)
    files = [file_of(call) for _ in range(3)]
    wishes = typed(files[0], "laureat", "60 000,50") | typed(files[1], "refuse")
    answer = grid(officer, session(call), **wishes)
    assert answer.status_code == 302
    for file in files:
        file.refresh_from_db()
    assert [file.decision for file in files] == ["laureat", "refuse", "inconnue"]
    assert str(files[0].amount_eur) == "60000.50"
    assert files[0].session is not None
    assert str(files[0].session.officer) == "Odile Agente"
    # Sent again as it is shown, it changes nothing.
    again = officer.get(answer["Location"])
    assert again.context["budgets"][0].left == pytest.approx(39_999.50)
    assert (
        "Aucune décision n’a changé"
        in grid(officer, session(call)).client.get(session(call)).content.decode()
    )


def test_refusals_are_beside_their_row_and_nothing_is_lost(officer: Client) -> None:
    call = call_at(envelope_eur=100, composition_rule="minimum")
    wrong, fine = file_of(call, pole=PoleFactory()), file_of(call, pole=satisfied_pole())
    wishes = typed(wrong, "laureat", "10") | typed(fine, "laureat", "90")
    page = grid(officer, session(call), **wishes)
    assert page.status_code == 200
    rows = {row["file"].pk: row["form"] for row in page.context["rows"]}
    assert "composition" in str(rows[wrong.pk].non_field_errors())
    assert not rows[fine.pk].errors
    words = page.content.decode()
    assert "1 dossier à revoir" in words
    assert 'value="90"' in words
    fine.refresh_from_db()
    assert fine.decision == "inconnue"


@pytest.mark.parametrize(
    ("name", "value"), [("committee", ""), ("held_on", "2999-01-01"), ("held_on", "demain")]
)
def test_a_session_has_its_committee_and_its_day(officer: Client, name: str, value: str) -> None:
    call = call_at()
    file = file_of(call)
    page = grid(officer, session(call), **typed(file, "refuse"), **{name: value})
    assert page.status_code == 200
    assert name in page.context["form"].errors
    file.refresh_from_db()
    assert file.decision == "inconnue"


def test_a_bad_amount_is_said_next_to_it(officer: Client) -> None:
    call = call_at()
    file = file_of(call)
    page = grid(officer, session(call), **typed(file, "laureat", "beaucoup"))
    (row,) = page.context["rows"]
    assert "amount" in row["form"].errors
    assert "beaucoup" in page.content.decode()


def test_two_officers_on_one_file(officer: Client) -> None:
    call = call_at()
    file = file_of(call)
    wishes = typed(file, "laureat", "10") | {f"file-{file.pk}-before_decision": "refuse"}
    page = grid(officer, session(call), **wishes)
    assert "pendant votre saisie" in page.content.decode()


def test_strands_and_waves_are_decided_apart(officer: Client) -> None:
    call = call_at()
    grant, help_ = StrandFactory(call=call), StrandFactory(call=call)
    first, second = file_of(call, strand=grant), file_of(call, strand=help_)
    address = f"{session(call)}?volet={grant.code}"
    assert grid(officer, address, **typed(first, "refuse")).status_code == 302
    first.refresh_from_db()
    assert first.session is not None
    assert first.session.strand == grant
    (row,) = officer.get(f"{session(call)}?volet={help_.code}").context["rows"]
    assert row["file"] == second
    permanent = call_at("ouvert", permanent=True)
    WaveFactory(call=permanent)
    assert "Choisissez la vague" in officer.get(session(permanent)).content.decode()


def test_before_the_review_the_grid_is_only_read(officer: Client) -> None:
    call = call_at("ouvert")
    file = file_of(call)
    page = grid(officer, session(call), **typed(file, "refuse"))
    assert "pendant l’instruction" in page.content.decode()
    file.refresh_from_db()
    assert file.decision == "inconnue"
    older = Call.objects.get(code="aap-2013")
    assert "antérieur au registre" in officer.get(session(older)).content.decode()


def test_the_grid_costs_the_same_with_many_files(officer: Client) -> None:
    call = call_at(opinion_required=True)

    def more() -> None:
        wave, strand = WaveFactory(call=call), StrandFactory(call=call)
        file = file_of(call, pole=satisfied_pole(), wave=wave, strand=strand)
        RegionalOpinionFactory(application=file)
        MembershipFactory(pole=file.pole)

    more()
    officer.get(session(call))
    few = statements(officer, session(call))
    for _ in range(12):
        more()
    assert statements(officer, session(call)) == few <= 12


def test_the_advice_is_explained_and_departed_from_with_a_reason(officer: Client) -> None:
    call = call_at(composition_rule="minimum")
    pole = PoleFactory(members_confirmed_on="2024-01-01")
    file = file_of(call, pole=pole, admissible=None, eligible=None)
    address = examination(file)
    words = officer.get(address).content.decode()
    assert "ne satisfait pas la composition minimale" in words
    sent = {"action": "eligibilite", "eligibilite-conclusion": "oui"}
    page = officer.post(address, sent)
    assert "dites pourquoi" in page.content.decode()
    sent["eligibilite-reason"] = "Deux adhésions sont en cours."
    assert officer.post(address, sent).status_code == 302
    file.refresh_from_db()
    assert file.eligible is True
    words = officer.get(address).content.decode()
    assert "Deux adhésions sont en cours." in words
    assert "Odile Agente" in words


def test_an_attestation_is_given_on_the_page_of_the_file(officer: Client) -> None:
    file = file_of(call_at())
    sent = {"action": "attestation", "attestation-attested_on": "2999-01-01"}
    sent["attestation-attestation"] = "Statuts lus."
    assert "jour à venir" in officer.post(examination(file), sent).content.decode()
    sent["attestation-attested_on"] = TODAY
    assert officer.post(examination(file), sent).status_code == 302
    file.refresh_from_db()
    assert (file.attestation, str(file.attested_by)) == ("Statuts lus.", "Odile Agente")


def test_the_page_of_a_file_costs_the_same_with_many_members(officer: Client) -> None:
    small, large = file_of(call_at()), file_of(call_at())
    officer.get(examination(small))
    few = statements(officer, examination(small))
    for _ in range(8):
        MembershipFactory(pole=large.pole)
        RegionalOpinionFactory(application=large)
    assert statements(officer, examination(large)) == few <= 12


def test_what_has_its_page_is_not_changed_elsewhere(officer: Client) -> None:
    file = file_of(call_at(), beneficiary=OrganisationFactory())
    url = reverse("admin:calls_application_change", args=[file.pk])
    sent = filled(officer.get(url), decision="laureat", eligible="false", amount_eur="5")
    assert officer.post(url, sent).status_code == 302
    file.refresh_from_db()
    assert (file.decision, file.eligible, file.amount_eur) == ("inconnue", True, None)
