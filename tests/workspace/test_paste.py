"""A list of members that is pasted: shown line by line, then written as it was shown, or not."""

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from members.models import Organisation
from poles.record import COLLECTIONS
from tests.breaking import undone, with_database
from tests.factories import MembershipFactory, OrganisationFactory, PoleFactory, valid_siren
from tests.forms import filled
from tests.html import assert_clean_html
from tests.members.register_server import Register
from tests.poles.recognised import TRIO
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in
from tests.workspace.test_members_section import statements
from workspace.members.pasted import read_pasted
from workspace.members.planning import NEW, Status, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]

SIREN = valid_siren(99_567_890)


@pytest.fixture
def record() -> Kept:
    return kept()


@pytest.fixture
def editor(record: Kept) -> Client:
    return signed_in(record.editor)


def page(record: Kept) -> str:
    return f"/espace/poles/{record.pole.pk}/membres/coller/"


def preview(client: Client, record: Kept, text: str, **more: Any) -> Any:
    assert_clean_html(client.get(page(record)).content.decode())
    answer = client.post(page(record), {"liste": text, **more})
    assert answer.status_code == 200
    assert_clean_html(answer.content.decode())
    return answer


def write(client: Client, record: Kept, shown: Any, **more: Any) -> Any:
    return client.post(page(record), {**filled(shown), "ecrire": "1", **more})


def statuses(shown: Any) -> list[str]:
    return [each.status for each in shown.context["preview"]["plan"].members]


def test_each_line_is_told_before_anything_is_written(record: Kept, editor: Client) -> None:
    member = MembershipFactory(pole=record.pole, organisation__name="Les Jardins du Gué")
    known = OrganisationFactory(name="Mairie d’essai de Pont-Vieux")
    OrganisationFactory(name="Atelier partagé des Trois Fontaines")
    shown = preview(
        editor,
        record,
        "Nom\tRôle\tType\tDepuis\n"
        "Les Jardins du Gué\t\t\t\n"
        "mairie d’essai de pont-vieux\tpartenaire\tcollectivité\t2020\n"
        "Atelier partagé Trois Fontaines\t\t\t\n"
        "Zythologues réunis de Quimperlé\tmembre\tassociation\t03/2021\n"
        "Zythologues réunis de Quimperlé\t\t\t\n"
        "Autre chose\ttrésorier\t\t",
    )
    assert statuses(shown) == [
        Status.KEPT,
        Status.FOUND,
        Status.TO_CHOOSE,
        Status.CREATED,
        Status.REPEATED,
        Status.REFUSED,
    ]
    html = shown.content.decode()
    assert "le rôle «\u00a0trésorier\u00a0» n’existe pas" in html
    assert 'name="ecrire"' not in html
    assert list(record.pole.memberships.all()) == [member]
    again = preview(editor, record, shown.context["text"], **{"choix-4": NEW})
    assert write(editor, record, again, why="Liste de la coordinatrice").status_code == 302
    names = set(record.pole.memberships.values_list("organisation__name", "role"))
    assert names == {
        ("Les Jardins du Gué", "actif"),
        (known.name, "partenaire"),
        ("Atelier partagé Trois Fontaines", "actif"),
        ("Zythologues réunis de Quimperlé", "actif"),
    }
    made = Organisation.objects.get(name="Zythologues réunis de Quimperlé")
    assert made.kind == "association"
    assert made.evidence.get(aspect="kind").stated_by == record.editor


def test_a_double_that_is_chosen_is_that_organisation(record: Kept, editor: Client) -> None:
    known = OrganisationFactory(name="Atelier partagé des Trois Fontaines")
    shown = preview(editor, record, "Atelier partagé Trois Fontaines", **{"choix-1": str(known.pk)})
    assert statuses(shown) == [Status.FOUND]
    write(editor, record, shown)
    assert record.pole.memberships.get().organisation == known


def test_a_number_is_looked_up(record: Kept, editor: Client, server: Register) -> None:
    server.add(SIREN, nom_raison_sociale="ZYTHO QUIMPERLE")
    shown = preview(editor, record, f"{SIREN}\n{valid_siren(99_567_891)}")
    assert statuses(shown) == [Status.CREATED, Status.REFUSED]
    assert "ZYTHO QUIMPERLE" in shown.content.decode()
    write(editor, record, shown)
    made = record.pole.memberships.get().organisation
    assert (made.siren, made.kind) == (SIREN, "association")


def test_a_member_that_is_known_is_changed_by_what_the_line_says(
    record: Kept, editor: Client
) -> None:
    member = MembershipFactory(pole=record.pole, organisation__name="Les Jardins du Gué")
    shown = preview(editor, record, "Les Jardins du Gué;partenaire;2021")
    assert statuses(shown) == [Status.CHANGED]
    assert "membre actif → partenaire" in shown.content.decode()
    write(editor, record, shown)
    member.refresh_from_db()
    assert (member.role, str(member.begins_on)) == ("partenaire", "2021-01-01")


def test_what_cannot_be_a_member_is_refused(record: Kept, editor: Client) -> None:
    own = OrganisationFactory(name="SCIC d’essai des Quatre Vents")
    record.pole.legal_person = own
    record.pole.save()
    MembershipFactory(pole=record.pole, organisation__name="Le porteur", role="porteur")
    past = {"begins_on": "2019-01-01", "ends_on": "2020-12-31"}
    MembershipFactory(pole=record.pole, organisation__name="La partie du Vieux Gué", **past)
    shown = preview(
        editor,
        record,
        f"{own.name}\nUne autre;porteur\nLa partie du Vieux Gué\nTout à fait nouvelle;porteur",
    )
    assert statuses(shown) == [Status.REFUSED] * 4
    html = shown.content.decode()
    for why in ("jamais son propre membre", "déjà une structure porteuse", "jusqu’au 2020"):
        assert why in html
    shown = preview(editor, record, "La partie du Vieux Gué;2022")
    assert write(editor, record, shown).status_code == 302
    assert record.pole.memberships.filter(organisation__name="La partie du Vieux Gué").count() == 2


def test_all_or_nothing(record: Kept, editor: Client) -> None:
    shown = preview(editor, record, "Moulin de Lanvaudan\nZythologues B de Quimperlé;2021")
    # The registry moved since the preview: it is shown again rather than written.
    OrganisationFactory(name="Zythologues B de Quimperlé")
    answer = write(editor, record, shown)
    assert answer.status_code == 200
    assert "le registre a changé" in answer.content.decode()
    assert not record.pole.memberships.exists()
    assert write(editor, record, answer).status_code == 302
    assert record.pole.memberships.count() == 2


def test_a_list_that_would_break_a_recognised_pole_asks_first(record: Kept, editor: Client) -> None:
    members = [
        MembershipFactory(pole=record.pole, organisation=OrganisationFactory(**facts))
        for facts in TRIO
    ]
    record.pole.refresh_from_db()
    record.pole.recognition, record.pole.recognition_on = "reconnu", "2026-01-15"
    record.pole.recognition_reason = "Dossier"
    record.pole.save()
    shown = preview(editor, record, f"{members[2].organisation.name};partenaire")
    assert "indéterminée" in shown.content.decode()
    asked = write(editor, record, shown)
    assert "Plus personne ne tiendrait" in asked.content.decode()
    assert write(editor, record, asked, consent="oui").status_code == 302
    record.pole.refresh_from_db()
    assert record.pole.recognition == "regularisation"


def test_who_may_not_write_proposes_the_list() -> None:
    record = kept(published=True)
    client = signed_in(record.editor)
    shown = preview(client, record, "Zythologues de Quimperlé\nAutres zythologues de Brest")
    assert write(client, record, shown).status_code == 302
    assert set(record.pole.proposals.get().changes) == {"members/+1", "members/+2"}


def test_an_empty_list_is_told(record: Kept, editor: Client) -> None:
    answer = editor.post(page(record), {"liste": " \n "})
    assert "Collez au moins une ligne" in answer.content.decode()
    back = editor.post(page(record), {"liste": "Une seule", "corriger": "1"})
    assert "Une seule" in back.content.decode()


def test_statements_are_as_many_for_2_as_for_100(record: Kept, editor: Client) -> None:
    known = [OrganisationFactory(name=f"Zyx{n:03d} qwk{n * 37 % 97:02d}") for n in range(100)]
    counts = [
        statements(editor, page(record), {"liste": "\n".join(o.name for o in known[:many])})
        for many in (2, 100)
    ]
    assert counts[0] == counts[1] <= MAX_STATEMENTS


@with_database
@example(lines=["Les Jardins;porteur", "La Fabrique;porteur"])
@given(
    lines=st.lists(
        st.lists(
            st.sampled_from(
                [
                    *("", "Les Jardins", "La Fabrique", SIREN, "porteur", "partenaire", "2021"),
                    *("2020", "association", "31/12/2022", "trésorier", "x"),
                ]
            ),
            max_size=5,
        ).map(";".join)
        | st.text(max_size=40),
        max_size=8,
    )
)
def test_what_is_shown_is_what_is_written(db: None, lines: list[str]) -> None:
    """Every line of the plan that says that it changes something does, and no other."""
    from django.core.exceptions import ValidationError

    from poles.record import current_values
    from poles.record import write as write_record

    with undone():
        pole = PoleFactory()
        known = OrganisationFactory(name="Les Jardins")
        MembershipFactory(pole=pole, organisation=known, role="actif")
        saved = current_values(pole, (), ("members",))
        pasted = read_pasted("\n".join(lines))
        planned = plan(pole, saved, pasted, {row.line: NEW for row in pasted.rows})
        assert planned.undecided == 0
        try:
            write_record(pole, planned.changes)
        except ValidationError as refused:
            pytest.fail(f"{lines!r}: {refused}")
        after = current_values(pole, (), ("members",))
        wished = planned.rows(saved)
        columns = COLLECTIONS["members"].columns[1:]
        assert sorted(_told(row, columns) for row in after.values()) == sorted(
            _told(row, columns) for row in wished.values()
        )
        assert len(after) == len(saved) + sum(c.before is None for c in planned.changes)


def _told(row: dict[str, Any], columns: tuple[str, ...]) -> str:
    return repr([row[name] for name in columns])


def test_the_mark_of_what_was_shown_is_no_secret_to_guess(record: Kept, editor: Client) -> None:
    shown = preview(editor, record, "Zythologues A")
    assert re.fullmatch(r"[0-9a-f]{64}", shown.context["preview"]["seen"])
    assert write(editor, record, shown, vu="autre").status_code == 200
