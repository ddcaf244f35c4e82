"""The members of a pole in the workspace: added, changed, ended, replaced, taken off."""

from typing import Any

import pytest
from django.test import Client

from members.models import Organisation
from poles.models import Membership, Pole
from tests.factories import MembershipFactory, OrganisationFactory, valid_siren
from tests.forms import filled
from tests.html import assert_clean_html
from tests.members.register_server import Register
from tests.poles.recognised import TRIO
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]


def page(record: Kept) -> str:
    return f"/espace/poles/{record.pole.pk}/membres/"


def opened(client: Client, record: Kept, **asked: Any) -> Any:
    response = client.get(page(record), asked)
    assert response.status_code == 200
    assert_clean_html(response.content.decode())
    return response


def save(client: Client, record: Kept, **typed: Any) -> Any:
    return client.post(page(record), filled(opened(client, record), **typed))


def press(client: Client, record: Kept, action: str, **typed: Any) -> Any:
    """The page after a button that changes the form."""
    sent = filled(opened(client, record), **typed)
    answer = client.post(f"{page(record)}saisie/", {**sent, "action": action}, follow=True)
    assert answer.status_code == 200
    assert_clean_html(answer.content.decode())
    return answer


def trio_in(pole: Pole) -> list[Membership]:
    return [MembershipFactory(pole=pole, organisation=OrganisationFactory(**f)) for f in TRIO]


def recognise(pole: Pole) -> list[Membership]:
    members = trio_in(pole)
    pole.refresh_from_db()
    pole.recognition, pole.recognition_on, pole.recognition_reason = "reconnu", "2026-01-15", "Oui"
    pole.save()
    return members


@pytest.fixture
def record() -> Kept:
    return kept()


@pytest.fixture
def editor(record: Kept) -> Client:
    return signed_in(record.editor)


def test_a_member_is_changed_and_ended(record: Kept, editor: Client) -> None:
    member = MembershipFactory(pole=record.pole, role="actif", source_words="membre")
    other = MembershipFactory(pole=record.pole, begins_on="2021-01-01")
    row = {f"role-{member.pk}": "porteur", f"depuis-{member.pk}": "2020", f"jusqua-{member.pk}": ""}
    assert save(editor, record, **row).status_code == 302
    assert save(editor, record, **{f"jusqua-{other.pk}": "30/06/2024"}).status_code == 302
    member.refresh_from_db()
    other.refresh_from_db()
    assert (member.role, str(member.begins_on), member.ends_on) == ("porteur", "2020-01-01", None)
    assert (member.source_words, str(other.ends_on)) == ("membre", "2024-06-30")
    assert str(other.begins_on) == "2021-01-01"


def test_a_member_entered_by_mistake_is_taken_off(record: Kept, editor: Client) -> None:
    member = MembershipFactory(pole=record.pole)
    save(editor, record, **{f"retirer-{member.pk}": "on"})
    assert not record.pole.memberships.exists()


def test_saving_what_did_not_change_writes_nothing(record: Kept, editor: Client) -> None:
    for days in ({}, {"begins_on": "2021-01-01", "ends_on": "2022-12-31"}):
        MembershipFactory(pole=record.pole, source_words="x", **days)
    version = Pole.objects.get(pk=record.pole.pk).version
    assert save(editor, record).status_code == 302
    assert Pole.objects.get(pk=record.pole.pk).version == version


def test_what_is_wrong_is_told_at_its_field(record: Kept, editor: Client) -> None:
    lead = MembershipFactory(pole=record.pole, role="porteur")
    member = MembershipFactory(pole=record.pole)
    answer = save(
        editor,
        record,
        **{f"depuis-{lead.pk}": "hier", f"role-{member.pk}": "porteur"},
        **{f"depuis-{member.pk}": "2022", f"jusqua-{member.pk}": "2021"},
    )
    html = answer.content.decode()
    assert_clean_html(html)
    assert f'href="#id_depuis-{lead.pk}"' in html
    assert "Écrivez une date" in html
    assert "finir avant d’avoir commencé" in html
    assert "hier" in html
    record.editor.drafts.all().delete()
    answer = save(editor, record, **{f"role-{member.pk}": "porteur"})
    assert "déjà une structure porteuse" in answer.content.decode()
    assert record.pole.memberships.filter(role="porteur").count() == 1


def test_an_organisation_of_the_registry_is_added(record: Kept, editor: Client) -> None:
    known = OrganisationFactory(name="Les Jardins du Gué", kind="association")
    found = press(editor, record, "chercher", cherche="jardins du gue").content.decode()
    assert f"ajouter:{known.pk}" in found
    answer = press(editor, record, f"ajouter:{known.pk}")
    assert "Les Jardins du Gué" in answer.content.decode()
    assert not record.pole.memberships.exists()
    assert save(editor, record, **{"role-n1": "partenaire", "depuis-n1": "2023"}).status_code == 302
    member = record.pole.memberships.get()
    assert (member.organisation, member.role) == (known, "partenaire")
    assert str(member.begins_on) == "2023-01-01"


def test_an_organisation_is_made_as_it_is_typed(record: Kept, editor: Client) -> None:
    press(editor, record, "creer", cherche="Zythologues réunis de Quimperlé")
    typed = {"nature-n1": "formation", "is_legal_person-n1": "oui", "preuve-n1": "Son site"}
    assert save(editor, record, **typed).status_code == 302
    made = record.pole.memberships.get().organisation
    assert (made.name, made.kind) == ("Zythologues réunis de Quimperlé", "formation")
    assert {(e.aspect, e.source, e.stated_by) for e in made.evidence.all()} == {
        ("kind", "Son site", record.editor),
        ("is_legal_person", "Son site", record.editor),
    }


def test_a_probable_double_is_shown_before_it_is_made(record: Kept, editor: Client) -> None:
    known = OrganisationFactory(name="Les Jardins du Gué Vieux")
    answer = press(editor, record, "creer", cherche="Association Les Jardins du Gué Vieux")
    html = answer.content.decode()
    assert "la connaît peut-être déjà" in html
    assert f"ajouter:{known.pk}" in html
    assert "nom-n1" not in html
    press(editor, record, "quand-meme:", cherche="Association Les Jardins du Gué Vieux")
    assert save(editor, record).status_code == 302
    assert record.pole.memberships.get().organisation != known


def test_a_double_that_came_since_is_shown_at_the_save(record: Kept, editor: Client) -> None:
    press(editor, record, "creer", cherche="Les Jardins du Gué Vieux")
    known = OrganisationFactory(name="Les Jardins du Gué Vieux")
    html = save(editor, record).content.decode()
    assert_clean_html(html)
    assert f"choisir:n1:{known.pk}" in html
    assert not record.pole.memberships.exists()
    press(editor, record, f"choisir:n1:{known.pk}")
    assert save(editor, record).status_code == 302
    assert record.pole.memberships.get().organisation == known


def test_a_unit_of_the_states_register_is_added(
    record: Kept, editor: Client, server: Register
) -> None:
    siren = valid_siren(99_765_432)
    server.add(siren, nom_complet="ZYTHO QUIMPERLE", nom_raison_sociale="ZYTHO QUIMPERLE")
    html = press(editor, record, "chercher", cherche="zytho").content.decode()
    assert f"unite:{siren}" in html
    html = press(editor, record, f"unite:{siren}").content.decode()
    assert "nature : association" in html.replace("\u00a0", " ")
    assert save(editor, record).status_code == 302
    made = record.pole.memberships.get().organisation
    assert (made.name, made.siren, made.kind) == ("ZYTHO QUIMPERLE", siren, "association")
    assert made.evidence.get(aspect="kind").origin == "annuaire"


def test_the_register_that_is_silent_is_said_to_be(
    record: Kept, editor: Client, settings: Any
) -> None:
    settings.REGISTER_URL = "http://127.0.0.1:9/"
    html = press(editor, record, "chercher", cherche="zythologues").content.decode()
    assert "ne répond pas" in html
    assert 'value="creer"' in html


def test_what_is_typed_stays_while_another_is_looked_for(record: Kept, editor: Client) -> None:
    member = MembershipFactory(pole=record.pole)
    answer = press(
        editor, record, "chercher", cherche="zythologues", **{f"depuis-{member.pk}": "pas encore"}
    )
    assert "pas encore" in answer.content.decode()
    press(editor, record, "creer", cherche="Zythologues de Quimperlé")
    html = press(editor, record, "oter:n1").content.decode()
    assert "nom-n1" not in html
    assert "pas encore" in html


def test_who_leaves_a_recognised_pole_is_told_what_falls(record: Kept, editor: Client) -> None:
    school = recognise(record.pole)[2]
    gone = {f"jusqua-{school.pk}": "31/12/2025"}
    answer = save(editor, record, **gone)
    html = answer.content.decode()
    assert_clean_html(html)
    assert "organisme de formation" in html
    assert 'name="consent"' in html
    assert record.pole.memberships.filter(ends_on=None).count() == 3
    answer = save(editor, record, **gone, consent="oui")
    assert answer.status_code == 302
    record.pole.refresh_from_db()
    assert record.pole.recognition == "regularisation"


def test_who_is_replaced_in_the_same_save_keeps_the_recognition(
    record: Kept, editor: Client
) -> None:
    school = recognise(record.pole)[2]
    press(
        editor,
        record,
        "creer",
        cherche="École d’essai de Quimperlé",
        **{f"jusqua-{school.pk}": "31/12/2025"},
    )
    answer = save(editor, record, **{"nature-n1": "formation", "is_legal_person-n1": "oui"})
    assert answer.status_code == 302
    record.pole.refresh_from_db()
    assert record.pole.recognition == "reconnu"


def test_the_panel_follows_what_is_typed_and_stores_nothing(record: Kept, editor: Client) -> None:
    school = recognise(record.pole)[2]
    events = Membership.pgh_event_model.objects.count()
    sent = filled(opened(editor, record), **{f"role-{school.pk}": "partenaire"})
    html = editor.post(f"{page(record)}composition/", sent).content.decode()
    assert "indéterminée" in html
    assert 'id="composition-verdict"' in html
    sent |= {"nouveau": ["n1"], "nom-n1": "École", "nature-n1": "formation", "role-n1": "actif"}
    html = editor.post(f"{page(record)}composition/", sent).content.decode()
    assert "est-il une personne morale" in html
    assert "#id_is_legal_person-n1" in html
    sent |= {"is_legal_person-n1": "oui", f"depuis-{school.pk}": "???"}
    assert "satisfaite" in editor.post(f"{page(record)}composition/", sent).content.decode()
    assert Membership.pgh_event_model.objects.count() == events
    assert not record.editor.drafts.exists()


def test_the_question_that_would_settle_it_is_answered_there(record: Kept, editor: Client) -> None:
    members = trio_in(record.pole)
    school = members[2].organisation
    Organisation.objects.filter(pk=school.pk).update(is_legal_person=None)
    response = opened(editor, record)
    answer = f"{school.pk}:is_legal_person:oui"
    assert answer in response.content.decode()
    sent = filled(response, **{f"depuis-{members[0].pk}": "2019"})
    done = editor.post(
        f"{page(record)}repondre/",
        {**sent, "reponse": answer, "preuve": "Ses statuts"},
        follow=True,
    )
    html = done.content.decode()
    assert "Enregistré" in html
    assert 'value="2019"' in html
    evidence = school.evidence.get(aspect="is_legal_person")
    assert (evidence.value, evidence.origin, evidence.stated_by, evidence.source) == (
        "oui",
        "declaration",
        record.editor,
        "Ses statuts",
    )
    record.pole.refresh_from_db()
    assert record.pole.verdict == "satisfaite"


def test_who_may_not_write_proposes() -> None:
    record = kept(published=True)
    member = MembershipFactory(pole=record.pole)
    client = signed_in(record.editor)
    press(client, record, "creer", cherche="Zythologues réunis de Quimperlé")
    answer = save(client, record, **{f"role-{member.pk}": "partenaire"})
    assert answer.status_code == 302
    proposal = record.pole.proposals.get()
    assert set(proposal.changes) == {f"members/{member.pk}", "members/+1"}
    assert record.pole.memberships.get().role == "actif"
    assert not Organisation.objects.filter(name__startswith="Zythologues").exists()


def test_statements_are_as_many_for_5_as_for_200(record: Kept, editor: Client) -> None:
    counts = []
    for many in (5, 195):
        for n in range(many):
            MembershipFactory(pole=record.pole, role="partenaire" if n % 2 else "actif")
        counts.append(statements(editor, page(record)))
    assert counts[0] == counts[1] <= MAX_STATEMENTS
    sent = filled(editor.get(page(record)))
    assert statements(editor, f"{page(record)}composition/", sent) <= MAX_STATEMENTS


def statements(client: Client, address: str, sent: Any = None) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address) if sent is None else client.post(address, sent)
    assert answer.status_code == 200
    return len(captured)
