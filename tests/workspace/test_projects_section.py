"""The projects of a pole: added, changed, taken off."""

from typing import Any

import pytest
from django.test import Client

from poles.models import Pole, PoleProject
from tests.factories import MembershipFactory, PoleProjectFactory
from tests.forms import filled
from tests.html import assert_clean_html
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in
from tests.workspace.test_members_section import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Kept:
    return kept()


@pytest.fixture
def editor(record: Kept) -> Client:
    return signed_in(record.editor)


def page(record: Kept) -> str:
    return f"/espace/poles/{record.pole.pk}/projets/"


def opened(client: Client, record: Kept) -> Any:
    response = client.get(page(record))
    assert_clean_html(response.content.decode())
    return response


def save(client: Client, record: Kept, **typed: Any) -> Any:
    return client.post(page(record), filled(opened(client, record), **typed))


def press(client: Client, record: Kept, action: str, **typed: Any) -> Any:
    sent = {**filled(opened(client, record), **typed), "action": action}
    return client.post(f"{page(record)}saisie/", sent, follow=True)


def test_a_project_is_added_with_what_it_pools(record: Kept, editor: Client) -> None:
    member = MembershipFactory(pole=record.pole).organisation
    shown = press(editor, record, "ajouter")
    typed = filled(
        shown,
        **{"titre-n1": "Une cuisine partagée", "description-n1": "Trois\ntraiteurs"},
        **{"commun-n1": ["locaux", "materiel"], "membres-n1": [str(member.pk)]},
        **{"depuis-n1": "2022", "etat-n1": "en-cours"},
    )
    assert editor.post(page(record), typed).status_code == 302
    project = record.pole.projects.get()
    assert (project.title, project.description) == ("Une cuisine partagée", "Trois\ntraiteurs")
    assert (project.pooled, project.state) == (["locaux", "materiel"], "en-cours")
    assert list(project.members.all()) == [member]
    assert str(project.begins_on) == "2022-01-01"


def test_a_project_is_changed_and_another_taken_off(record: Kept, editor: Client) -> None:
    first = PoleProjectFactory(pole=record.pole, pooled=["materiel", "locaux"])
    other = PoleProjectFactory(pole=record.pole)
    typed = {f"titre-{first.pk}": "Autrement", f"retirer-{other.pk}": "on"}
    assert save(editor, record, **typed).status_code == 302
    assert list(record.pole.projects.values_list("title", "pooled")) == [
        ("Autrement", ["materiel", "locaux"])
    ]


def test_saving_what_did_not_change_writes_nothing(record: Kept, editor: Client) -> None:
    project = PoleProjectFactory(
        pole=record.pole, pooled=["materiel", "locaux"], description=" a\n b ", title=" Un  titre "
    )
    project.members.add(MembershipFactory(pole=record.pole).organisation)
    version = Pole.objects.get(pk=record.pole.pk).version
    events = PoleProject.pgh_event_model.objects.count()
    assert save(editor, record).status_code == 302
    assert Pole.objects.get(pk=record.pole.pk).version == version
    assert PoleProject.pgh_event_model.objects.count() == events


def test_a_row_in_which_nothing_was_typed_is_no_project(record: Kept, editor: Client) -> None:
    shown = press(editor, record, "ajouter")
    assert editor.post(page(record), filled(shown)).status_code == 302
    assert not record.pole.projects.exists()


def test_what_is_wrong_is_told_at_its_field(record: Kept, editor: Client) -> None:
    project = PoleProjectFactory(pole=record.pole)
    typed = {
        f"titre-{project.pk}": "",
        f"depuis-{project.pk}": "2022",
        f"jusqua-{project.pk}": "2021",
    }
    html = save(editor, record, **typed).content.decode()
    assert_clean_html(html)
    assert f'href="#id_titre-{project.pk}"' in html
    assert "finir avant d’avoir commencé" in html
    record.editor.drafts.all().delete()
    html = save(
        editor, record, **{f"titre-{project.pk}": "X", f"membres-{project.pk}": ["99999999"]}
    )
    assert "n’existe plus" in html.content.decode()


def test_what_is_typed_stays_when_a_row_is_taken_away(record: Kept, editor: Client) -> None:
    shown = press(editor, record, "ajouter")
    sent = {**filled(shown, **{"titre-n1": "Gardé"}), "action": "ajouter"}
    html = editor.post(f"{page(record)}saisie/", sent, follow=True).content.decode()
    assert 'name="titre-n2"' in html
    assert "Gardé" in html
    html = press(editor, record, "oter:n1").content.decode()
    assert "Gardé" not in html


def test_statements_are_as_many_for_1_as_for_30(record: Kept, editor: Client) -> None:
    counts = []
    for many in (1, 29):
        for _ in range(many):
            project = PoleProjectFactory(pole=record.pole)
            project.members.add(MembershipFactory(pole=record.pole).organisation)
        counts.append(statements(editor, page(record)))
    assert counts[0] == counts[1] <= MAX_STATEMENTS
