"""The page from which a call is run: its steps, its budget, its files."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.models import Call, Wave
from tests.call_factories import CallNetworkFactory, call_at, file_of
from tests.factories import StrandFactory, UserFactory, WaveFactory
from tests.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory(officer=True))
    return client


def page(call: Call) -> str:
    return reverse("admin:calls_call_conduct", args=[call.pk])


def sent(client: Client, call: Call, of: str, to: str, why: str = "") -> str:
    answer = client.post(page(call), {"of": of, "to": to, "_why": why}, follow=True)
    return answer.content.decode()


def test_an_officer_moves_a_call_from_step_to_step(officer: Client) -> None:
    call = call_at("preparation")
    assert "Étape enregistrée" in sent(officer, call, "call", "ouvert", "Arrêté publié.")
    call.refresh_from_db()
    assert call.state == "ouvert"
    event = Call.pgh_event_model.objects.filter(pgh_obj_id=call.pk).latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context.metadata["why"] == "Arrêté publié."
    sent(officer, call, "call", "instruction")
    file_of(call)
    assert "Un dossier attend encore sa décision." in sent(officer, call, "call", "decide")
    assert "L’étape a changé entre-temps" in sent(officer, call, "call", "clos")
    call.refresh_from_db()
    assert call.state == "instruction"


def test_waves_of_a_permanent_call_move_from_the_same_page(officer: Client) -> None:
    call = call_at("preparation", permanent=True)
    wave = WaveFactory(call=call)
    assert "dans un appel ouvert" in sent(officer, call, f"wave-{wave.pk}", "ouvert")
    sent(officer, call, "call", "ouvert")
    assert "Étape enregistrée" in sent(officer, call, f"wave-{wave.pk}", "ouvert")
    assert Wave.objects.get(pk=wave.pk).state == "ouvert"
    assert "n’existe plus" in sent(officer, call, f"wave-{WaveFactory().pk}", "ouvert")


def test_a_call_of_before_the_registry_has_no_steps(officer: Client) -> None:
    call = Call.objects.get(code="aap-2013")
    assert "antérieur au registre" in officer.get(page(call)).content.decode()
    assert "L’étape a changé" in sent(officer, call, "call", "ouvert")


def test_the_budget_is_that_of_each_envelope(officer: Client) -> None:
    call = call_at(envelope_eur=1000)
    strand = StrandFactory(call=call, envelope_eur=300)
    for amount, part in ((600, None), (200, strand)):
        file_of(
            call,
            strand=part,
            decision="laureat",
            decided_on=timezone.localdate(),
            amount_eur=amount,
        )
    found = officer.get(page(call)).context["budgets"]
    assert [(each.name, each.engaged, each.left) for each in found] == [
        ("L’appel", 800, 200),
        (strand.name, 200, 100),
    ]


def test_the_page_costs_the_same_with_many_files(officer: Client) -> None:
    call = call_at()

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(page(call)).status_code == 200
        return len(captured)

    file_of(call, strand=StrandFactory(call=call))
    statements()
    few = statements()
    for _ in range(20):
        file_of(call, strand=StrandFactory(call=call), wave=WaveFactory(call=call))
    assert statements() == few <= 12


def test_networks_are_named_on_the_page_of_the_call(officer: Client) -> None:
    call = call_at("preparation")
    other = CallNetworkFactory()
    url = reverse("admin:calls_call_change", args=[call.pk])
    typed: dict[str, Any] = {
        "named_networks-TOTAL_FORMS": 1,
        "named_networks-0-call": call.pk,
        "named_networks-0-network": other.network_id,
        "named_networks-0-region": other.region_id,
    }
    assert officer.post(url, filled(officer.get(url), **typed)).status_code == 302
    assert call.named_networks.get().network == other.network
