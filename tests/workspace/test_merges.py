"""The pages of doubles: found, compared, made one, made two again."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Organisation
from networks.models import User
from poles.models import Merge, Pole
from tests.breaking import update
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    PoleProjectFactory,
    ThemeFactory,
)
from tests.forms import filled
from tests.html import assert_clean_html
from tests.keeping_factories import MergeFactory
from tests.poles.recognised import recognised
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db
LIST = "/espace/fusions/"


@pytest.fixture
def record() -> Kept:
    return kept()


def doubles(record: Kept, **values: Any) -> tuple[Organisation, Organisation]:
    one = OrganisationFactory(name="Les Zorglub", acronym="LZ", kind="association")
    other = OrganisationFactory(name="Association Les Zorglub", **values)
    MembershipFactory(pole=record.pole, organisation=one)
    MembershipFactory(pole=record.pole, organisation=other, role="partenaire")
    return one, other


def preview(one: Organisation, other: Organisation) -> str:
    return f"{LIST}organisations/{one.pk}/{other.pk}/"


def page(user: User, path: str, status: int = 200) -> str:
    response = signed_in(user).get(path)
    assert response.status_code == status
    html = response.content.decode()
    assert_clean_html(html)
    return html


def test_probable_doubles_are_listed_to_those_who_keep_them(record: Kept) -> None:
    one, other = doubles(record)
    for user in (record.editor, record.manager, record.officer):
        assert preview(one, other) in page(user, LIST)
    assert preview(one, other) not in page(record.stranger, LIST)
    update(one, siren="732829320")
    update(other, siren="552100554")
    assert preview(one, other) not in page(record.officer, LIST)


def test_a_double_is_found_from_the_page_of_one(record: Kept) -> None:
    one, other = doubles(record)
    way = f"{LIST}organisations/{one.pk}/"
    assert way in page(record.editor, f"/espace/organisations/{one.pk}/")
    assert preview(one, other) in page(record.editor, way)
    far = OrganisationFactory(name="Coopérative Spirou")
    assert preview(one, far) in page(record.editor, f"{way}?q=spirou")
    assert "Rien ne porte ce nom" in page(record.editor, f"{way}?q=introuvable%20vraiment")
    for wrong in (f"{LIST}territoires/1/", f"{LIST}organisations/999999999/"):
        page(record.editor, wrong, 404)


def test_two_become_one_then_two(record: Kept) -> None:
    one, other = doubles(record, acronym="ZORG", website="https://zorglub.exemple.invalid/")
    client = signed_in(record.editor)
    opened = client.get(preview(one, other))
    html = opened.content.decode()
    assert_clean_html(html)
    for said in ("ZORG", "zorglub.exemple.invalid", preview(other, one), "sans perdre un jour"):
        assert said in html
    sent = filled(opened, why="Saisie deux fois.", **{"choix-acronym": "prendre"})
    done = client.post(preview(one, other), sent, follow=True)
    html = done.content.decode()
    assert_clean_html(html)
    merge = Merge.objects.get()
    undoing = f"{LIST}{merge.pk}/annuler/"
    assert undoing in html
    one.refresh_from_db()
    assert (one.acronym, one.website) == ("ZORG", "https://zorglub.exemple.invalid/")
    (member,) = record.pole.memberships.all()
    assert (member.organisation, member.role) == (one, "actif")
    # Its old pages lead to the one that stands.
    assert client.get(f"/espace/organisations/{other.pk}/").url.endswith(f"/{one.pk}/")
    page(record.editor, preview(one, other), 404)
    assert "Saisie deux fois." in page(record.editor, f"/espace/organisations/{one.pk}/historique/")
    assert "Saisie deux fois." in page(record.editor, LIST)
    opened = client.get(undoing)
    assert_clean_html(opened.content.decode())
    client.post(undoing, filled(opened, why="Deux associations."))
    other.refresh_from_db()
    assert record.pole.memberships.count() == 2
    assert "Deux associations." in page(record.editor, LIST)
    assert "déjà été annulée" in page(record.editor, undoing)


def test_its_public_address_leads_on(record: Kept) -> None:
    there = kept(record_state="publie")
    one, other = doubles(there)
    client = signed_in(there.manager)
    client.post(preview(one, other), filled(client.get(preview(one, other)), why="Double."))
    moved = client.get(f"/membres/{other.slug}/")
    assert (moved.status_code, moved["Location"]) == (301, f"/membres/{one.slug}/")


def test_nothing_is_done_without_a_reason_nor_over_a_change(record: Kept) -> None:
    one, other = doubles(record)
    client = signed_in(record.editor)
    opened = client.get(preview(one, other))
    refused = client.post(preview(one, other), filled(opened))
    assert "Dites pourquoi" in refused.content.decode()
    assert_clean_html(refused.content.decode())
    update(other, acronym="NOUVEAU")
    late = client.post(preview(one, other), filled(opened, why="Double."))
    html = late.content.decode()
    assert "a changé depuis l’aperçu" in html
    assert "Double." in html
    # The page that tells it shows what stands now, and what is sent from it is done.
    assert client.post(preview(one, other), filled(late)).status_code == 302


def test_what_refuses_is_told_before(record: Kept) -> None:
    one, other = doubles(record, siren="552100554")
    update(one, siren="732829320")
    html = page(record.editor, preview(one, other))
    assert "ne peuvent pas être réunies" in html
    assert "Réunir les deux fiches" not in html
    assert "d’autres tiennent la fiche" in page(
        record.stranger, preview(other, OrganisationFactory())
    )


def test_a_recognised_pole_is_told_and_consented(record: Kept) -> None:
    _, (_, ess, school) = recognised(reference_network=record.network)
    address = preview(ess.organisation, school.organisation)
    client = signed_in(record.officer)
    asked = client.post(address, filled(client.get(address), why="Double."))
    html = asked.content.decode()
    assert "romprait la composition" in html
    assert_clean_html(html)
    assert client.post(address, filled(asked, consent="oui")).status_code == 302
    school.pole.refresh_from_db()
    assert school.pole.recognition == "regularisation"


def test_what_cannot_be_undone_is_told(record: Kept) -> None:
    one, other = doubles(record)
    elsewhere = MembershipFactory(organisation=other)
    client = signed_in(record.officer)
    client.post(preview(one, other), filled(client.get(preview(one, other)), why="Double."))
    elsewhere.delete()
    undoing = f"{LIST}{Merge.objects.get().pk}/annuler/"
    html = page(record.officer, undoing)
    assert "ne peut plus être annulée" in html
    assert "effacé depuis" in html


def test_statements(record: Kept) -> None:
    def cost(path: str) -> int:
        client = signed_in(record.manager)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    one, other = doubles(record)
    merge = MergeFactory(organisation=one.pk)
    paths = (
        LIST,
        f"{LIST}organisations/{one.pk}/",
        f"{LIST}organisations/{one.pk}/?q=zorglub",
        preview(one, other),
        f"{LIST}{merge.pk}/annuler/",
    )
    few = [cost(path) for path in paths]
    for _ in range(8):
        doubles(record)
        MergeFactory()
        for each in (one, other):
            MembershipFactory(organisation=each, pole=kept(reference_network=record.network).pole)
    assert [cost(path) for path in paths] == few
    assert max(few) <= MAX_STATEMENTS, few


def two_poles(record: Kept) -> tuple[Pole, Pole]:
    update(record.pole, name="Pôle Zorglub", record_state="publie")
    double = PoleFactory(
        name="PTCE Zorglub",
        acronym="PZ",
        published=True,
        seat=record.pole.seat,
        reference_network=record.network,
    )
    MembershipFactory(pole=record.pole)
    MembershipFactory(pole=double)
    return record.pole, double


def comparison(one: Pole, other: Pole) -> str:
    return f"{LIST}poles/{one.pk}/{other.pk}/"


def test_two_poles_become_one_then_two(record: Kept) -> None:
    one, other = two_poles(record)
    assert comparison(one, other) in page(record.manager, LIST)
    way = f"{LIST}poles/{one.pk}/"
    assert way in page(record.manager, f"/espace/poles/{one.pk}/")
    assert comparison(one, other) in page(record.manager, way)
    assert comparison(one, other) in page(record.manager, f"{way}?q=zorglub")
    client = signed_in(record.manager)
    opened = client.get(comparison(one, other))
    html = opened.content.decode()
    assert_clean_html(html)
    assert "PZ" in html
    assert "1\u00a0participation" in html
    done = client.post(comparison(one, other), filled(opened, why="Le même."), follow=True)
    assert_clean_html(done.content.decode())
    merge = Merge.objects.get()
    assert f"{LIST}{merge.pk}/annuler/" in done.content.decode()
    assert one.memberships.count() == 2
    # The old record leads on, and what it said is still read.
    led = client.get(f"/espace/poles/{other.pk}/", follow=True)
    assert led.redirect_chain[0][0] == f"/espace/poles/{one.pk}/"
    assert "La fiche est réunie à" in page(record.manager, f"/espace/poles/{other.pk}/historique/")
    history = page(record.editor, f"/espace/poles/{one.pk}/historique/")
    assert "son double, y est réuni" in history
    assert f"/espace/poles/{other.pk}/historique/" in history
    assert "Une autre fiche du même pôle y est réunie." in (
        client.get(f"/poles/{one.slug}/").content.decode()
    )
    assert client.get(f"/espace/poles/{other.pk}/identite/").status_code == 403
    page(record.manager, comparison(one, other), 404)
    undoing = f"{LIST}{merge.pk}/annuler/"
    assert client.post(undoing, filled(client.get(undoing), why="Deux.")).status_code == 302
    other.refresh_from_db()
    assert other.record_state == "publie"
    assert client.get(f"/poles/{other.slug}/").status_code == 200


def test_poles_are_merged_by_those_who_publish_both(record: Kept) -> None:
    one, other = two_poles(record)
    html = page(record.editor, comparison(one, other))
    assert "publier l’une et l’autre" in html
    assert "Réunir les deux fiches" not in html
    refused = signed_in(record.editor).post(comparison(one, other), {"why": "x", "seen": "1-1"})
    assert refused.status_code == 403
    assert comparison(one, other) not in page(record.stranger, LIST)


def test_statements_for_poles(record: Kept) -> None:
    def cost(path: str) -> int:
        client = signed_in(record.manager)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    one, other = two_poles(record)
    other.themes.add(ThemeFactory())
    PoleProjectFactory(pole=other)
    client = signed_in(record.manager)
    done, gone = two_poles(kept(reference_network=record.network))
    update(gone, reference_network_id=record.network.pk)
    opened = client.get(comparison(done, gone))
    assert client.post(comparison(done, gone), filled(opened, why="Le même.")).status_code == 302
    paths = (
        f"{LIST}poles/{one.pk}/",
        f"{LIST}poles/{one.pk}/?q=zorglub",
        comparison(one, other),
        f"{LIST}{Merge.objects.get().pk}/annuler/",
        f"/espace/poles/{done.pk}/historique/",
    )
    few = [cost(path) for path in paths]
    for _ in range(8):
        for pole in (one, other):
            MembershipFactory(pole=pole)
            PoleProjectFactory(pole=pole)
            pole.themes.add(ThemeFactory())
    assert [cost(path) for path in paths] == few
    assert max(few) <= MAX_STATEMENTS, few
