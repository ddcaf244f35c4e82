"""The history of a record, a version looked at, and brought back whole or in part."""

from datetime import date
from typing import Any

import pghistory
import pytest

from poles.models import Pole, Proposal
from poles.record import current_values, write
from poles.record.changes import between
from poles.record.history import Entry, history_of
from poles.record.versions import values_at
from tests.breaking import update
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    PoleProjectFactory,
    PoleThemeFactory,
    ThemeFactory,
    UserFactory,
)
from tests.html import assert_clean_html
from tests.poles.recognised import recognised
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db


def save(pole: Pole, why: str = "", user: Any = None, **fields: Any) -> int:
    """Writes fields of the record, and gives the version that it comes to."""
    pole = Pole.objects.get(pk=pole.pk)
    before = current_values(pole)
    context = {"why": why} | ({"user": user.pk} if user else {})
    with pghistory.context(**context):
        return write(pole, between(before, {**before, **fields})).version


def sentences(pole: Pole) -> list[str]:
    return [_text(each) for entry in entries(pole) for each in entry.sentences]


def entries(pole: Pole) -> list[Entry]:
    return history_of(pole)[0]


def _text(sentence: Any) -> str:
    marks = {"gone": "-{}-", "come": "+{}+", "same": "{}"}
    words = "".join(marks[piece.kind].format(piece.text) for piece in sentence.pieces)
    return f"{sentence.text}\u00a0: {words}" if words else sentence.text


def page(user: Any, pole: Pole, version: int | None = None) -> str:
    response = signed_in(user).get(address(pole, version))
    assert response.status_code == 200
    html = response.content.decode()
    assert_clean_html(html)
    return html


def address(pole: Pole, version: int | None = None) -> str:
    return f"/espace/poles/{pole.pk}/historique/" + (f"{version}/" if version else "")


def bring_back(user: Any, pole: Pole, version: int, *keys: str, **more: str) -> Any:
    seen = Pole.objects.get(pk=pole.pk).version
    data = {"seen": seen, "keys": keys, **({"some": "1"} if keys else {"whole": "1"}), **more}
    return signed_in(user).post(address(pole, version), data)


@pytest.fixture
def record() -> Kept:
    return kept(summary="Douze membres autour de l’alimentation")


def test_members_and_periods_are_told_in_sentences(record: Kept) -> None:
    garden = OrganisationFactory(name="Les Jardins du Cœur")
    with pghistory.context(why="a"):
        member = MembershipFactory(
            pole=record.pole, organisation=garden, begins_on=date(2024, 5, 3), role="actif"
        )
    with pghistory.context(why="b"):
        update(member, role="porteur")
    with pghistory.context(why="c"):
        update(member, ends_on=date(2025, 6, 1))
    with pghistory.context(why="d"):
        member.delete()
    assert sentences(record.pole)[:4] == [
        (
            "La participation de Les Jardins du Cœur est effacée (structure porteuse, du "
            "3\u00a0mai\u00a02024 au 1er\u00a0juin\u00a02025)."
        ),
        "Les Jardins du Cœur a quitté le pôle le 1er\u00a0juin\u00a02025.",
        "Les Jardins du Cœur, membre actif, devient structure porteuse.",
        "Les Jardins du Cœur a rejoint le pôle comme membre actif, depuis le 3\u00a0mai\u00a02024.",
    ]


def test_a_save_is_one_entry_with_its_words_marked(record: Kept) -> None:
    theme = ThemeFactory(name="Alimentation")
    version = save(
        record.pole,
        "Appel du 3 mars",
        record.manager,
        summary="Treize membres autour de l’alimentation",
        themes=[theme.pk],
    )
    latest = entries(record.pole)[0]
    assert (latest.why, latest.version) == ("Appel du 3 mars", version)
    assert latest.who == f"{record.manager.full_name} ({record.network.name})"
    assert [_text(each) for each in latest.sentences] == [
        "Résumé\u00a0: -Douze-+Treize+ membres autour de l’alimentation",
        "Thèmes ajoutés\u00a0: Alimentation.",
    ]


def test_the_rest_of_a_record_in_sentences(record: Kept) -> None:
    pole = record.pole
    project = PoleProjectFactory(pole=pole, title="Cuisine", state="prevu")
    save(
        pole,
        "a",
        **{
            f"projects/{project.pk}": {
                **current_values(pole)[f"projects/{project.pk}"],
                "state": "en-cours",
                "members": [OrganisationFactory(name="La Cuillère").pk],
            }
        },
    )
    save(pole, "b", **{"figures/2024": {"year": 2024, "jobs_fte": "12.5", "source": "bilan"}})
    save(pole, "c", **{"sources/+1": {"url": "https://exemple.invalid/a", "seen_on": None}})
    save(pole, "d", latitude="47.2", longitude="-1.5", position_origin="main")
    save(pole, "e", contact_name="Anne Martin", contact_consent_on="2024-01-01")
    save(pole, "f", confirmed_on="2024-02-01", members_confirmed_on="2024-02-02")
    found = "\n".join(sentences(pole))
    for sentence in (
        "Projet «\u00a0Cuisine\u00a0», état\u00a0: -prévu-+en cours+",
        "Projet «\u00a0Cuisine\u00a0», nouveaux membres engagés\u00a0: La Cuillère.",
        "Chiffres de 2024 ajoutés (emplois (ETP)\u00a0: 12,5\u00a0; source\u00a0: bilan)",
        "Source ajoutée\u00a0: https://exemple.invalid/a",
        "Position\u00a0: -celle du siège-+47,20000, -1,50000, placée à la main+",
        "La personne à contacter a changé.",
        "La fiche est confirmée, le 1er\u00a0février\u00a02024.",
        "La liste des membres est confirmée complète, le 2\u00a0février\u00a02024.",
    ):
        assert sentence in found
    assert "Anne Martin" not in found


def test_another_name_is_told_without_the_history_knowing_it(record: Kept) -> None:
    save(record.pole, "", contact_name="Anne Martin", contact_consent_on="2024-01-01")
    save(record.pole, "Faute de frappe", contact_name="Anne Martine")
    latest = entries(record.pole)[0]
    assert latest.why == "Faute de frappe"
    assert [_text(each) for each in latest.sentences] == ["La personne à contacter a changé."]
    assert "contact_name" not in values_at(record.pole, latest.version or 0)


def test_steps_of_a_record_are_told() -> None:
    pole, _ = recognised(slug="reconnu-d-essai")
    found = "\n".join(sentences(pole))
    assert "Le pôle est reconnu le 15\u00a0janvier\u00a02026\u00a0: Dossier complet" in found
    published = PoleFactory()
    with pghistory.context(why="x"):
        update(published, record_state="publie")
    assert sentences(published)[0] == "La fiche est publiée."


def test_an_erased_account_is_told_by_its_network(record: Kept) -> None:
    save(record.pole, "", record.editor, summary="Autre")
    name = record.editor.full_name
    record.editor.delete()
    assert entries(record.pole)[0].who == f"ancien agent du réseau {record.network.name}"
    gone = UserFactory(officer=True)
    save(record.pole, "", gone, summary="Encore")
    number = gone.pk
    gone.delete()
    assert entries(record.pole)[0].who == f"ancien compte (n° {number})"
    assert name not in page(record.manager, record.pole)


def test_the_history_is_paged(record: Kept) -> None:
    for n in range(30):
        save(record.pole, f"{n}", summary=f"Résumé {n}")
    first, more = history_of(record.pole)
    then, rest = history_of(record.pole, 2)
    assert more
    assert not rest
    assert len(first) == 25
    assert first[0].why == "29"
    assert then[0].why == "4"
    assert "?page=2" in page(record.editor, record.pole)


def test_words_are_marked_for_the_ear_too(record: Kept) -> None:
    save(record.pole, "", summary="Treize membres autour de l’alimentation")
    html = page(record.editor, record.pole)
    assert '<del class="words-gone"><span class="fr-sr-only">[retiré\u00a0: </span>Douze' in html
    assert '<ins class="words-come"><span class="fr-sr-only">[ajouté\u00a0: </span>Treize' in html


def test_who_may_not_see_the_record_sees_no_history(record: Kept) -> None:
    for version in (None, 1):
        response = signed_in(record.stranger).get(address(record.pole, version))
        assert response.status_code == 403


def test_a_version_is_looked_at_beside_today(record: Kept) -> None:
    version = save(record.pole, "La bonne", record.manager, summary="Le bon résumé")
    save(record.pole, "", summary="Le mauvais résumé")
    html = page(record.editor, record.pole, version)
    assert "Motif\u00a0: La bonne" in html.replace("&nbsp;", "\u00a0")
    assert "bon</" not in html
    assert "mauvais" in html
    latest = Pole.objects.get(pk=record.pole.pk).version
    assert "dit la même chose que cette version" in page(record.editor, record.pole, latest)
    assert signed_in(record.editor).get(address(record.pole, 999)).status_code == 404


def test_a_version_comes_back_whole_and_the_history_says_so(record: Kept) -> None:
    pole = record.pole
    member = MembershipFactory(pole=pole, begins_on=date(2020, 1, 1))
    PoleThemeFactory(pole=pole)
    version = Pole.objects.get(pk=pole.pk).version
    before, number = values_at(pole, version), member.pk
    member.delete()
    save(pole, "", summary="Autre", themes=[], contact_name="Anne", contact_consent_on="2024-01-01")
    response = bring_back(record.manager, pole, version, why="Erreur de saisie")
    assert response.status_code == 302
    after = current_values(Pole.objects.get(pk=pole.pk))
    [row] = [value for key, value in after.items() if key.startswith("members/")]
    assert row == before[f"members/{number}"]
    # Who gave a consent gave it for that day.
    assert after["contact_name"] == "Anne"
    assert {k: v for k, v in after.items() if k in ("summary", "themes")} == {
        k: before[k] for k in ("summary", "themes")
    }
    latest = entries(pole)[0]
    assert latest.why == f"retour à la version {version}, Erreur de saisie"
    assert latest.who.startswith(record.manager.full_name)


def test_one_thing_comes_back_and_the_others_stay(record: Kept) -> None:
    save(record.pole, "", summary="Autre", description="Récente")
    bring_back(record.manager, record.pole, 1, "summary")
    pole = Pole.objects.get(pk=record.pole.pk)
    assert pole.summary == "Douze membres autour de l’alimentation"
    assert pole.description == "Récente"


def test_a_member_entered_again_is_the_same_member(record: Kept) -> None:
    member = MembershipFactory(pole=record.pole, role="actif")
    version = Pole.objects.get(pk=record.pole.pk).version
    member.delete()
    again = MembershipFactory(pole=record.pole, organisation=member.organisation, role="porteur")
    bring_back(record.manager, record.pole, version)
    again.refresh_from_db()
    assert again.role == "actif"


def test_nothing_chosen_is_told(record: Kept) -> None:
    save(record.pole, "", summary="Autre")
    response = signed_in(record.manager).post(
        address(record.pole, 1), {"seen": Pole.objects.get(pk=record.pole.pk).version, "some": "1"}
    )
    assert "Cochez au moins une chose" in response.content.decode()


def test_who_may_not_publish_proposes_the_return(record: Kept) -> None:
    save(record.pole, "", summary="Autre")
    update(record.pole, record_state="publie")
    bring_back(record.editor, record.pole, 1, "summary")
    assert Pole.objects.get(pk=record.pole.pk).summary == "Autre"
    proposal = Proposal.objects.get(pole=record.pole)
    assert list(proposal.changes) == ["summary"]
    assert proposal.message == "retour à la version 1"


def test_what_another_changed_meanwhile_is_not_written_over(record: Kept) -> None:
    save(record.pole, "", summary="Autre")
    seen = Pole.objects.get(pk=record.pole.pk).version
    save(record.pole, "", summary="D’un collègue")
    response = signed_in(record.manager).post(
        address(record.pole, 1), {"seen": seen, "keys": ["summary"], "some": "1"}
    )
    html = response.content.decode()
    assert "vient de changer la même chose" in html
    assert "collègue" in html
    assert Pole.objects.get(pk=record.pole.pk).summary == "D’un collègue"


def test_a_recognised_pole_asks_before_it_breaks() -> None:
    pole, members = recognised(slug="reconnu-d-essai")
    officer = UserFactory(officer=True)
    version = Pole.objects.get(pk=pole.pk).version
    before = members[0].pole.memberships.count()
    extra = MembershipFactory(pole=pole, organisation=OrganisationFactory(kind="entreprise"))
    update(members[0], role="partenaire")
    response = bring_back(officer, pole, version - 3)
    html = response.content.decode()
    assert "romprait la composition" in html
    assert pole.memberships.count() == before + 1
    response = bring_back(officer, pole, version - 3, consent="oui")
    assert response.status_code == 302
    assert Pole.objects.get(pk=pole.pk).recognition == "regularisation"
    assert not pole.memberships.filter(pk=extra.pk).exists()


def test_what_was_erased_from_the_registry_cannot_come_back(record: Kept) -> None:
    member = MembershipFactory(pole=record.pole)
    version = Pole.objects.get(pk=record.pole.pk).version
    name = member.organisation.name
    member.delete()
    member.organisation.delete()
    save(record.pole, "", summary="Autre")
    html = page(record.manager, record.pole, version)
    assert f"N’est plus dans le registre\u00a0: {name} (effacé)." in html
    assert bring_back(record.manager, record.pole, version).status_code == 302
    assert Pole.objects.get(pk=record.pole.pk).summary == "Douze membres autour de l’alimentation"


def test_statements(record: Kept, django_assert_max_num_queries: Any) -> None:
    pole = record.pole
    client = signed_in(record.editor)

    def count(address: str) -> int:
        with django_assert_max_num_queries(MAX_STATEMENTS) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    def grow(n: int) -> None:
        for member in MembershipFactory.create_batch(n, pole=pole):
            project = PoleProjectFactory(pole=pole)
            project.members.add(member.organisation)
            PoleThemeFactory(pole=pole)
        pole.memberships.first().delete()
        save(pole, "x", record.manager, seat=None, summary=f"{n}")

    grow(2)
    few = [count(address(pole)), count(address(pole, 4))]
    grow(30)
    assert [count(address(pole)), count(address(pole, 4))] == few
