import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from networks.models import User
from poles.models import Pole, Theme
from tests.breaking import run
from tests.factories import (
    CommuneFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    PoleFactory,
    PoleFiguresFactory,
    PoleProjectFactory,
    PoleThemeFactory,
    ProposalFactory,
    StudyFactory,
    ThemeFactory,
    UserFactory,
)
from tests.forms import filled
from tests.poles.admin_pages import change, forget_context, history, messages, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True, full_name="Une agente d’essai")
    client.force_login(user)
    return user


def test_a_pole_is_written_whole(client: Client, officer: User) -> None:
    lead, seat, network = OrganisationFactory(), CommuneFactory(), NetworkFactory()
    add = reverse("admin:poles_pole_add")
    response = client.post(
        add,
        filled(
            client.get(add),
            name="Pôle écrit à la main",
            slug="pole-ecrit-a-la-main",
            seat=seat.pk,
            reference_network=network.pk,
            theme_words="alimentation, durable\r\nlogistique",
            **{
                "memberships-TOTAL_FORMS": "1",
                "memberships-0-organisation": lead.pk,
                "memberships-0-role": "porteur",
                "memberships-0-begins_on": "01/02/2020",
            },
        ),
    )
    assert response.status_code == 302, messages(response)
    pole = Pole.objects.get(slug="pole-ecrit-a-la-main")
    assert pole.theme_words == ["alimentation, durable", "logistique"]
    assert pole.seat == seat
    member = pole.memberships.get()
    assert (member.organisation, member.begins_on) == (lead, date(2020, 2, 1))


def test_the_history_says_who_when_what_and_why(client: Client, officer: User) -> None:
    pole = PoleFactory(summary="Avant")
    seat: Any = CommuneFactory(name="Bourg-l’Essai")
    PoleThemeFactory(pole=pole)
    save(client, pole, summary="Après", seat=seat.pk, _why="Appel du pôle")
    page = client.get(history(pole))
    entries = page.context["entries"]
    latest = entries[0]
    assert (latest.who, latest.why) == ("Une agente d’essai", "Appel du pôle")
    changes = {c.label: (c.before, c.after) for line in latest.lines for c in line.changes}
    assert changes == {
        "résumé": ("Avant", "Après"),
        "siège": ("", f"Bourg-l’Essai ({seat.code[:2]})"),
    }
    assert entries[-1].who == "hors du site (commande ou SQL)"
    assert "Appel du pôle" in page.content.decode()


def test_the_history_outlives_the_pole_and_the_account(client: Client, officer: User) -> None:
    pole = PoleFactory(name="Pôle éphémère")
    save(client, pole, summary="Écrit par l’agente")
    forget_context()
    run("DELETE FROM poles_pole WHERE id = %s", pole.pk)
    administrator = UserFactory(administrator=True)
    client.force_login(administrator)
    officer_number = officer.pk
    officer.delete()
    page = client.get(history(pole))
    assert page.status_code == 200
    # What SQL did is one entry here, since a test is one transaction.
    assert [(e.who, [line.action for line in e.lines]) for e in page.context["entries"]] == [
        ("hors du site (commande ou SQL)", ["delete", "insert"]),
        (f"ancien compte (n° {officer_number})", ["update"]),
    ]
    everything = client.get(reverse("admin:poles_pole_events")).content.decode()
    assert "Pôle éphémère" in everything
    assert history(pole) in everything


def test_the_history_is_not_for_everyone(client: Client) -> None:
    pole = PoleFactory()
    client.force_login(UserFactory())
    assert client.get(history(pole)).status_code == 302
    assert client.get(reverse("admin:poles_pole_events")).status_code == 302


def test_links_that_django_makes_are_in_the_history(client: Client, officer: User) -> None:
    project, study, pole = PoleProjectFactory(), StudyFactory(), PoleFactory()
    project.members.add(OrganisationFactory(name="Membre engagé"))
    study.poles.add(pole)
    page = client.get(reverse("admin:poles_poleproject_history", args=[project.pk]))
    assert "Membre engagé" in page.content.decode()
    page = client.get(history(pole))
    assert study.title in page.content.decode()


def test_only_administrators_delete_a_pole(client: Client, officer: User) -> None:
    pole = PoleFactory()
    delete = reverse("admin:poles_pole_delete", args=[pole.pk])
    assert client.get(delete).status_code == 403
    client.force_login(UserFactory(administrator=True))
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not Pole.objects.filter(pk=pole.pk).exists()


def test_what_is_still_used_is_not_deleted(client: Client, officer: User) -> None:
    theme = PoleThemeFactory().theme
    page = client.post(reverse("admin:poles_theme_delete", args=[theme.pk]), {"post": "yes"})
    assert page.status_code == 200
    html = page.content.decode()
    assert f"Suppression impossible\u00a0: {theme}" in html
    assert "Thème d’un pôle\u00a0: " in html
    theme.refresh_from_db()


def test_what_is_deleted_from_a_form_closes_its_window(client: Client, officer: User) -> None:
    theme = ThemeFactory(name="Thème <à part>")
    address = reverse("admin:poles_theme_delete", args=[theme.pk]) + "?_popup=1&_to_field=id"
    page = client.get(address)
    html = page.content.decode()
    assert "Supprimer\u00a0: Thème &lt;à part&gt;" in html
    assert ">Thème &lt;à part&gt;</a>" in html
    hidden = dict(re.findall(r'name="(post|_popup|_to_field)" value="(\w+)"', html))
    closed = client.post(address, hidden)
    assert closed.templates[0].name.endswith("popup_response.html")
    assert not Theme.objects.filter(pk=theme.pk).exists()


@pytest.mark.parametrize("words", ["essai ele", "PDE42", "bourg d essai elevé"])
def test_poles_are_found(client: Client, officer: User, words: str) -> None:
    pole = PoleFactory(
        name="Pôle d’Essai Élevé", acronym="PDE42", seat=CommuneFactory(name="Bourg d’Essai")
    )
    listed = reverse("admin:poles_pole_changelist")
    assert list(client.get(listed, {"q": words}).context["cl"].result_list) == [pole]
    by_number = client.get(listed, {"q": f"PTCE-{pole.pk:05d}"}).context["cl"].result_list
    assert pole in by_number


def test_filters(client: Client, officer: User) -> None:
    seat = CommuneFactory()
    pole = PoleFactory(seat=seat, maturity="sommeil")
    in_region = PoleFactory(seat=seat.region)
    listed = reverse("admin:poles_pole_changelist")
    found = client.get(listed, {"region": seat.region.code}).context["cl"].result_list
    assert set(found) == {pole, in_region}
    found = client.get(listed, {"region": seat.region.code, "maturity__exact": "sommeil"})
    assert list(found.context["cl"].result_list) == [pole]


def test_a_proposal_is_only_read(client: Client, officer: User) -> None:
    proposal = ProposalFactory()
    page = reverse("admin:poles_proposal_change", args=[proposal.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"state": "acceptee"}).status_code == 403


def test_figures_are_typed_as_in_french(client: Client, officer: User) -> None:
    figures = PoleFiguresFactory()
    url = reverse("admin:poles_polefigures_change", args=[figures.pk])
    done = client.post(url, filled(client.get(url), jobs_fte="12,5"))
    assert done.status_code == 302
    figures.refresh_from_db()
    assert str(figures.jobs_fte) == "12.5"


def test_saving_costs_the_same_for_thirty_untouched_members(client: Client, officer: User) -> None:
    def cost(pole: Pole) -> int:
        typed = filled(client.get(change(pole)), acronym="PDE")
        with CaptureQueriesContext(connection) as captured:
            assert client.post(change(pole), typed).status_code == 302
        return len(captured)

    few, many = PoleFactory(), PoleFactory()
    for pole, count in ((few, 2), (many, 30)):
        for _ in range(count):
            MembershipFactory(pole=pole)
    assert cost(few) == cost(many)
