from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from networks.models import User
from poles.models import Membership, Pole
from tests.breaking import run, update
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
    UserFactory,
)
from tests.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True, full_name="Une agente d’essai")
    client.force_login(user)
    return user


def change(pole: Pole) -> str:
    return reverse("admin:poles_pole_change", args=[pole.pk])


def history(pole: Pole) -> str:
    return reverse("admin:poles_pole_history", args=[pole.pk])


def errors(response: Any) -> str:
    return response.context["adminform"].form.non_field_errors().as_text()


def messages(response: Any) -> str:
    """All that the page complains of, on the form and on its rows."""
    rows = [f.errors for f in response.context["inline_admin_formsets"][0].formset.forms]
    return f"{errors(response)} {rows}"


def forget_context() -> None:
    """In the site a request's context ends with its transaction; here, all is one transaction."""
    run("SELECT set_config('pghistory.context_id', '', true)")


def save(client: Client, pole: Pole, **typed: Any) -> Any:
    return client.post(change(pole), filled(client.get(change(pole)), **typed))


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


def test_a_stale_form_is_told_and_nothing_is_lost(client: Client, officer: User) -> None:
    pole = PoleFactory(summary="Au départ", website="https://exemple.invalid/a")
    loaded = filled(client.get(change(pole)))
    other = UserFactory(officer=True, full_name="Un autre agent")
    colleague = Client()
    colleague.force_login(other)
    done = save(
        colleague, pole, summary="De l’autre", website="https://exemple.invalid/b", _why="Un appel"
    )
    assert done.status_code == 302
    response = client.post(change(pole), {**loaded, "summary": "De moi", "acronym": "PDE"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "modifiée pendant votre saisie" in errors(response)
    # Both values of what both changed; who, and why; what was typed stays in its field.
    assert "De l’autre" in page
    assert "Un autre agent" in page
    assert "Un appel" in page
    again = filled(response)
    assert again["summary"] == ["De moi"]
    assert again["acronym"] == ["PDE"]
    # What only the other changed was taken over.
    assert again["website"] == ["https://exemple.invalid/b"]
    assert Pole.objects.get(pk=pole.pk).summary == "De l’autre"
    assert client.post(change(pole), again).status_code == 302
    kept = Pole.objects.get(pk=pole.pk)
    assert (kept.summary, kept.acronym, kept.website) == (
        "De moi",
        "PDE",
        "https://exemple.invalid/b",
    )


def test_every_kind_of_field_is_taken_over(client: Client, officer: User) -> None:
    pole, seat, network = PoleFactory(), CommuneFactory(), NetworkFactory()
    loaded = filled(client.get(change(pole)))
    Pole.objects.filter(pk=pole.pk).update(
        seat=seat,
        reference_network=network,
        maturity="existant",
        founding_year=2012,
        theme_words=["un", "deux, trois"],
        rural_area=True,
        rural_basis="Zonage d’essai",
        rural_on=date(2024, 5, 1),
        latitude="47.5",
        longitude="2.25",
        position_origin="main",
    )
    response = client.post(change(pole), {**loaded, "acronym": "PDE"})
    assert response.status_code == 200
    assert client.post(change(pole), filled(response)).status_code == 302
    kept = Pole.objects.get(pk=pole.pk)
    assert kept.acronym == "PDE"
    assert (kept.seat, kept.reference_network, kept.maturity) == (seat, network, "existant")
    assert (kept.founding_year, kept.theme_words) == (2012, ["un", "deux, trois"])
    assert (kept.rural_area, kept.rural_on) == (True, date(2024, 5, 1))
    assert str(kept.latitude) == "47.50000"


def test_a_change_of_members_makes_a_form_stale(client: Client, officer: User) -> None:
    pole = PoleFactory()
    loaded = filled(client.get(change(pole)))
    joined = OrganisationFactory(name="Coopérative arrivée entre-temps")
    MembershipFactory(pole=pole, organisation=joined)
    response = client.post(change(pole), {**loaded, "acronym": "PDE"})
    assert "modifiée pendant votre saisie" in errors(response)
    assert "Coopérative arrivée entre-temps" in response.content.decode()


def test_a_row_changed_on_both_sides_is_shown(client: Client, officer: User) -> None:
    member = MembershipFactory()
    loaded = filled(client.get(change(member.pole)))
    update(member, source_words="écrit par l’autre")
    response = client.post(
        change(member.pole), {**loaded, "memberships-0-source_words": "écrit par moi"}
    )
    shown = [(d.saved, d.typed) for d in response.context["differences"]]
    assert shown == [("écrit par l’autre", "écrit par moi")]


@pytest.mark.parametrize("version", ["", "x", "0", "999"])
def test_a_form_without_its_version_is_stale(client: Client, officer: User, version: str) -> None:
    pole = PoleFactory()
    typed = {**filled(client.get(change(pole))), "loaded_version": version, "acronym": "PDE"}
    assert "modifiée pendant votre saisie" in errors(client.post(change(pole), typed))


def test_the_lead_is_handed_over_in_one_save(client: Client, officer: User) -> None:
    pole = PoleFactory()
    old = MembershipFactory(pole=pole, role="porteur", begins_on=date(2019, 1, 1))
    new = OrganisationFactory()
    done = save(
        client,
        pole,
        **{
            "memberships-TOTAL_FORMS": "2",
            "memberships-0-ends_on": "31/12/2023",
            "memberships-1-organisation": new.pk,
            "memberships-1-role": "porteur",
            "memberships-1-begins_on": "01/01/2024",
            "memberships-1-pole": pole.pk,
        },
    )
    assert done.status_code == 302, messages(done)
    leads = Membership.objects.filter(pole=pole, role="porteur").order_by("begins_on")
    assert [m.organisation for m in leads] == [old.organisation, new]


def test_two_rows_exchange_their_roles(client: Client, officer: User) -> None:
    pole = PoleFactory()
    first = MembershipFactory(pole=pole)
    second = MembershipFactory(pole=pole, role="porteur")
    done = save(client, pole, **{"memberships-0-role": "porteur", "memberships-1-role": "actif"})
    assert done.status_code == 302, messages(done)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.role, second.role) == ("porteur", "actif")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"memberships-1-role": "porteur"}, "déjà une structure porteuse"),
        ({"memberships-1-organisation": "0"}, "participe déjà au pôle"),
        (
            {"memberships-1-begins_on": "02/01/2024", "memberships-1-ends_on": "01/01/2024"},
            "ne peut finir avant",
        ),
    ],
)
def test_wrong_periods_are_told_beside_their_row(
    client: Client, officer: User, typed: dict[str, Any], said: str
) -> None:
    pole = PoleFactory()
    lead = MembershipFactory(pole=pole, role="porteur")
    MembershipFactory(pole=pole)
    if "memberships-1-organisation" in typed:
        typed = {"memberships-1-organisation": lead.organisation_id}
    response = save(client, pole, **typed, acronym="PDE")
    assert response.status_code == 200
    assert said in messages(response)
    assert filled(response)["acronym"] == ["PDE"]


def test_what_a_trigger_refuses_is_told_in_french(client: Client, officer: User) -> None:
    member = MembershipFactory()
    response = save(
        client, member.pole, legal_person=member.organisation_id, acronym="PDE", _why="Essai"
    )
    assert response.status_code == 200
    assert "jamais son propre membre" in errors(response)
    again = filled(response)
    assert again["acronym"] == ["PDE"]
    assert again["_why"] == ["Essai"]
    assert again["legal_person"] == [str(member.organisation_id)]
    assert Pole.objects.get(pk=member.pole_id).legal_person is None


def test_what_is_only_refused_at_the_commit_is_told_too(client: Client, officer: User) -> None:
    run(
        """
        CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'Refusé à la fin.' USING ERRCODE = 'check_violation'; END $$;
        CREATE CONSTRAINT TRIGGER refuse_late AFTER UPDATE ON poles_pole
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.acronym = 'NON')
        EXECUTE FUNCTION pg_temp.refuse();
        """
    )
    response = save(client, PoleFactory(), acronym="NON")
    assert response.status_code == 200
    assert "Refusé à la fin." in errors(response)


def test_a_rule_of_the_model_is_told(client: Client, officer: User) -> None:
    pole = PoleFactory()
    response = save(client, pole, contact_name="Une personne", record_state="archive")
    assert "avec son accord, daté" in errors(response)
    assert "Un archivage dit son motif" in errors(response)


def test_recognition_names_its_officer(client: Client, officer: User) -> None:
    pole = PoleFactory()
    done = save(
        client,
        pole,
        recognition="reconnu",
        recognition_on="01/03/2024",
        recognition_reason="Motif d’essai",
    )
    assert done.status_code == 302, messages(done)
    assert Pole.objects.get(pk=pole.pk).recognition_officer == officer


def test_the_history_says_who_when_what_and_why(client: Client, officer: User) -> None:
    pole, seat = PoleFactory(summary="Avant"), CommuneFactory(name="Bourg-l’Essai")
    PoleThemeFactory(pole=pole)
    save(client, pole, summary="Après", seat=seat.pk, _why="Appel du pôle")
    page = client.get(history(pole))
    latest = page.context["entries"][0]
    assert (latest.who, latest.why) == ("Une agente d’essai", "Appel du pôle")
    changes = {c.label: (c.before, c.after) for line in latest.lines for c in line.changes}
    assert changes == {
        "résumé": ("Avant", "Après"),
        "siège": ("", f"Bourg-l’Essai ({seat.code[:2]})"),
    }
    assert page.context["entries"][-1].who == "hors du site (commande ou SQL)"
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
    assert "Impossible de supprimer" in page.content.decode()
    theme.refresh_from_db()


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
