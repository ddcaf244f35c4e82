"""The dashboard: whose records, what each needs, most urgent first, at a constant price."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from networks.models import User
from poles.models import Draft, Pole
from poles.needs import NEEDS, completeness, fresh_since, not_archived, with_needs
from tests.factories import (
    CommuneFactory,
    MembershipFactory,
    NetworkRegionFactory,
    NetworkStaffFactory,
    OrganisationFactory,
    PoleCoverageFactory,
    PoleFactory,
    PoleNetworkFactory,
    ProposalFactory,
    UserFactory,
)
from tests.html import assert_clean_html
from tests.keeping_factories import CommentFactory
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def page_of(user: User, query: str = "") -> str:
    response = signed_in(user).get(f"/espace/{query}")
    assert response.status_code == 200
    html = response.content.decode()
    assert_clean_html(html)
    return html


def satisfied(pole: Pole) -> None:
    for kind, facts in (("entreprise", {}), ("ess", {}), ("formation", {"is_legal_person": True})):
        MembershipFactory(pole=pole, organisation=OrganisationFactory(kind=kind, **facts))


def whole(them: Kept, **values: Any) -> Pole:
    """A published record of theirs that needs nothing, unless ``values`` say otherwise."""
    given = {"record_state": "publie", "seat": CommuneFactory(), "confirmed_on": TODAY} | values
    pole = PoleFactory(reference_network=them.network, **given)
    satisfied(pole)
    return pole


def _regularisation(them: Kept) -> Pole:
    return whole(
        them,
        recognition="regularisation",
        recognition_on=TODAY,
        recognition_reason="Motif",
        regularise_by=TODAY + timedelta(days=9),
    )


def _of_another(make: Callable[[Pole], Any]) -> Callable[[Kept], Pole]:
    def made(them: Kept) -> Pole:
        pole = whole(them)
        make(pole)
        return pole

    return made


def _typed(them: Kept) -> Pole:
    pole = whole(them)
    Draft.objects.create(user=them.manager, pole=pole, section="lieu", saved_at=timezone.now())
    return pole


def _undetermined(them: Kept) -> Pole:
    return PoleFactory(
        reference_network=them.network,
        record_state="publie",
        seat=CommuneFactory(),
        confirmed_on=TODAY,
    )


IN_NEED: dict[str, Callable[[Kept], Pole]] = {
    "regularisation": _regularisation,
    "propositions": _of_another(lambda pole: ProposalFactory(pole=pole)),
    "soumises": lambda them: whole(them, record_state="soumis"),
    "saisie": _typed,
    "commentaires": _of_another(lambda pole: CommentFactory(pole=pole)),
    "brouillon": lambda them: whole(them, record_state="brouillon"),
    "jamais-confirmee": lambda them: whole(them, confirmed_on=None),
    "ancienne": lambda them: whole(them, confirmed_on=fresh_since() - timedelta(days=1)),
    "composition": _undetermined,
    "position": lambda them: whole(them, seat=CommuneFactory(latitude=None, longitude=None)),
}


def network() -> Kept:
    """A network whose first record needs nothing."""
    them = kept(record_state="publie", confirmed_on=TODAY)
    satisfied(them.pole)
    return them


@pytest.mark.parametrize("slug", IN_NEED)
def test_each_need_is_found_told_and_filtered_by(slug: str) -> None:
    them = network()
    pole = IN_NEED[slug](them)
    needs = with_needs(not_archived().filter(pk=pole.pk), them.manager).get()
    assert [each.slug for each in NEEDS if getattr(needs, each.column)] == [slug]
    html = page_of(them.manager, f"?besoin={slug}")
    assert pole.name in html
    assert them.pole.name not in html
    assert "Rien à faire" not in html


def test_every_need_has_a_test() -> None:
    assert list(IN_NEED) == [need.slug for need in NEEDS]


def test_the_most_urgent_come_first() -> None:
    them = network()
    made = [make(them) for make in reversed(IN_NEED.values())]
    html = page_of(them.manager)
    places = [html.index(f"/espace/poles/{pole.pk}/") for pole in reversed(made)]
    assert places == sorted(places)
    assert html.index(f"/espace/poles/{them.pole.pk}/") > places[-1]
    assert "Rien à faire" in html


def test_the_question_that_would_settle_is_asked() -> None:
    them = network()
    pole = _undetermined(them)
    MembershipFactory(pole=pole, organisation=OrganisationFactory(kind="entreprise"))
    MembershipFactory(pole=pole, organisation=OrganisationFactory(kind="ess"))
    school = OrganisationFactory(name="Lycée des Tilleuls", is_legal_person=True)
    MembershipFactory(pole=pole, organisation=school)
    html = page_of(them.manager)
    assert "Un oui y suffirait" in html
    asked = "«\u00a0Lycée des Tilleuls\u00a0» est-il un organisme de formation déclaré"
    assert asked in html
    assert f"/espace/poles/{pole.pk}/membres/" in html


def test_an_editor_waits_for_a_manager() -> None:
    them = network()
    pole = whole(them, record_state="soumis")
    ProposalFactory.create_batch(2, pole=pole)
    assert "2 corrections à examiner" in page_of(them.manager)
    html = page_of(them.editor)
    assert "2 corrections en attente d’un responsable" in html
    assert "attend sa publication" in html


def test_what_another_left_is_theirs() -> None:
    them = network()
    _typed(them)
    assert "n’est pas enregistrée" not in page_of(them.editor)
    assert "«\u00a0Siège\u00a0» n’est pas enregistrée" in page_of(them.manager)


def test_a_pole_that_was_begun_is_not_forgotten() -> None:
    them = network()
    assert "commencé un nouveau pôle" not in page_of(them.editor)
    Draft.objects.create(user=them.editor, section="nouveau", saved_at=timezone.now())
    assert "/espace/poles/nouveau/" in page_of(them.editor).partition("commencé un nouveau pôle")[2]
    assert "commencé un nouveau pôle" not in page_of(them.manager)


def test_mine_are_those_that_my_networks_keep() -> None:
    them = network()
    accompanied = PoleNetworkFactory(network=them.network, pole__published=True).pole
    elsewhere = PoleFactory(published=True, seat=them.pole.seat)
    archived = whole(them, record_state="archive", archive_reason="Motif")
    html = page_of(them.editor)
    assert f"/espace/poles/{accompanied.pk}/" in html
    for other in (elsewhere, archived):
        assert f"/espace/poles/{other.pk}/" not in html
    assert re.search(r"Mes pôles&nbsp;:\s+2\s", html)


def test_a_manager_sees_what_could_be_taken_in_charge() -> None:
    them = network()
    here = PoleFactory(published=True, seat=them.pole.seat)
    covering = PoleCoverageFactory(pole__published=True, territory=them.pole.seat).pole
    elsewhere = PoleFactory(published=True, seat=CommuneFactory())
    html = page_of(them.manager, "?liste=libres")
    assert f"/espace/poles/{here.pk}/prendre-en-charge/" in html
    assert f"/espace/poles/{covering.pk}/prendre-en-charge/" in html
    assert f"/espace/poles/{elsewhere.pk}/" not in html
    assert f"/espace/poles/{them.pole.pk}/" not in html
    assert "Aucun pôle n’attend" in page_of(them.editor, "?liste=libres")


def test_a_national_network_takes_only_what_it_accompanies() -> None:
    staff = NetworkStaffFactory(role="responsable")
    accompanied = PoleNetworkFactory(network=staff.network, pole__published=True).pole
    other = PoleFactory(published=True, seat=CommuneFactory())
    html = page_of(staff.user, "?liste=libres")
    assert f"/espace/poles/{accompanied.pk}/" in html
    assert f"/espace/poles/{other.pk}/" not in html


def test_names_are_searched_without_accents_and_what_is_unknown_is_left_off() -> None:
    them = network()
    pole = whole(them, name="Pôle Émeraude")
    html = page_of(them.manager, "?q=emeraude")
    assert f"/espace/poles/{pole.pk}/" in html
    assert f"/espace/poles/{them.pole.pk}/" not in html
    assert f"/espace/poles/{pole.pk}/" in page_of(
        them.manager, "?besoin=danse&page=99&region=zz&q=%00"
    )
    assert "Aucune fiche ne répond" in page_of(them.manager, "?q=<script>")


def test_an_officer_chooses_a_region() -> None:
    officer = UserFactory(officer=True)
    html = page_of(officer, "?region=53")
    here = set(Pole.objects.filter(seat__region__code="53").values_list("pk", flat=True))
    assert here
    first = Pole.objects.get(slug="pole-alpen")
    assert f"/espace/poles/{first.pk}/" not in html
    assert "de la région Bretagne" in html


def test_a_record_is_complete_with_four_things() -> None:
    region = NetworkRegionFactory()
    them = kept(record_state="publie")
    poles = Pole.objects.filter(reference_network=region.network)
    assert completeness(poles).percent == 0
    them.network = region.network
    whole(them, contact_email="a@exemple.invalid")
    whole(them, contact_email="", confirmed_on=fresh_since())
    whole(them, contact_email="", confirmed_on=None, seat=None)
    whole(them, contact_email="a@exemple.invalid", record_state="brouillon")
    found = completeness(poles)
    told = (found.total, found.seat, found.contact, found.fresh, found.determined, found.complete)
    assert told == (3, 2, 1, 2, 3, 1)
    assert found.percent == 33


@pytest.mark.parametrize(
    ("today", "since"),
    [
        (date(2026, 11, 26), date(2025, 11, 26)),
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2028, 3, 1), date(2027, 3, 1)),
    ],
    ids=str,
)
def test_fresh_means_a_year(today: date, since: date) -> None:
    assert fresh_since(today) == since


@pytest.mark.parametrize("who", ["editor", "manager", "officer"])
@pytest.mark.parametrize("query", ["", "?liste=libres", "?besoin=composition&q=pole"])
def test_ten_thousand_cost_what_ten_do(
    who: str, query: str, django_assert_max_num_queries: Any
) -> None:
    them = network()
    client = signed_in(getattr(them, who))
    counts = []
    for more in (1, 24):
        for _ in range(more):
            pole = _undetermined(them)
            MembershipFactory(pole=pole)
            ProposalFactory(pole=pole)
            PoleFactory(published=True, seat=them.pole.seat)
        with django_assert_max_num_queries(MAX_STATEMENTS) as counted:
            client.get(f"/espace/{query}")
        counts.append(len(counted))
    assert counts[0] == counts[1]
