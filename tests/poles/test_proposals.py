"""Changes wished by someone who may not publish them, accepted or refused one by one."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from members.models import FactEvidence
from poles.models import Pole, Proposal
from poles.proposals import MESSAGE, answer, propose, to_decide, withdraw
from poles.recognition import BreaksRecognition
from poles.record import Change, Conflicted
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    ThemeFactory,
    UserFactory,
)
from tests.poles.recognised import recognised

pytestmark = pytest.mark.django_db


def editor_proposes(pole: Pole, *changes: Change, author: Any = None, **more: Any) -> Proposal:
    return propose(
        pole,
        changes,
        origin="redacteur",
        base_version=pole.version,
        author=author or UserFactory(),
        **more,
    )


def row(organisation: Any, role: str = "actif") -> dict[str, Any]:
    return {
        "organisation": organisation.pk,
        "role": role,
        "begins_on": None,
        "ends_on": None,
        "source_words": "",
    }


def test_a_proposal_changes_nothing_by_itself() -> None:
    pole = PoleFactory(published=True, summary="Un")
    made = editor_proposes(pole, Change("summary", "Un", "Deux"), Change("name", "x", "x"))
    assert Pole.objects.get(pk=pole.pk).summary == "Un"
    assert made.state == "attente"
    assert made.changes == {"summary": {"before": "Un", "after": "Deux"}}


def test_a_later_save_of_the_same_author_joins_the_one_that_waits() -> None:
    pole, author = PoleFactory(published=True, summary="Un"), UserFactory()
    first = editor_proposes(pole, Change("summary", "Un", "Deux"), author=author)
    other = editor_proposes(pole, Change("summary", "Un", "Autre"))
    again = editor_proposes(
        pole,
        Change("summary", "Un", "Trois"),
        Change("acronym", "", "PE"),
        author=author,
        message="Le sigle est celui du site",
    )
    assert again.pk == first.pk != other.pk
    assert again.changes == {
        "summary": {"before": "Un", "after": "Trois"},
        "acronym": {"before": "", "after": "PE"},
    }
    assert again.message == "Le sigle est celui du site"


def test_new_rows_of_two_saves_are_all_kept_once() -> None:
    pole, author = PoleFactory(published=True), UserFactory()
    one, two = OrganisationFactory(), OrganisationFactory()
    editor_proposes(pole, Change("members/+1", None, row(one)), author=author)
    editor_proposes(pole, Change("members/+1", None, row(two)), author=author)
    made = editor_proposes(pole, Change("members/+1", None, row(one)), author=author)
    wanted = [value["after"]["organisation"] for value in made.changes.values()]
    assert wanted == [one.pk, two.pk]
    answer(made, dict.fromkeys(to_decide(made), True), by=UserFactory())
    assert {m.organisation_id for m in pole.memberships.all()} == {one.pk, two.pk}


def test_what_no_acceptance_could_write_is_told_to_the_author() -> None:
    pole = PoleFactory(published=True)
    MembershipFactory(pole=pole, role="porteur")
    with pytest.raises(ValidationError, match="déjà une structure porteuse"):
        editor_proposes(pole, Change("members/+1", None, row(OrganisationFactory(), "porteur")))
    with pytest.raises(ValidationError, match="ne peut pas être vide"):
        editor_proposes(pole, Change("name", pole.name, ""))
    assert not Proposal.objects.filter(pole=pole).exists()


@pytest.mark.parametrize("key", ["record_state", "members/", "members/+un", "oiseaux/1", "version"])
def test_only_the_keys_of_the_record_are_proposed(key: str) -> None:
    with pytest.raises(ValidationError, match="n’est pas un champ"):
        editor_proposes(PoleFactory(published=True), Change(key, None, "publie"))


def test_a_proposal_says_something() -> None:
    with pytest.raises(ValidationError, match="avant et après"):
        editor_proposes(PoleFactory(published=True), Change("summary", "Un", "Un"))


def test_who_read_an_old_value_is_told() -> None:
    pole = PoleFactory(published=True, summary="Deux")
    with pytest.raises(Conflicted):
        editor_proposes(pole, Change("summary", "Un", "Trois"))


def test_each_key_is_accepted_or_refused() -> None:
    theme, by = ThemeFactory(), UserFactory()
    pole = PoleFactory(published=True, summary="Un")
    made = editor_proposes(pole, Change("summary", "Un", "Deux"), Change("themes", [], [theme.pk]))
    with pytest.raises(ValidationError, match="chaque changement"):
        answer(made, {"summary": True}, by=by)
    with pytest.raises(ValidationError, match="pourquoi"):
        answer(made, {"summary": False, "themes": True}, " ", by=by)
    done = answer(made, {"summary": False, "themes": True}, "Trop court", by=by)
    assert (done.state, done.accepted, done.reason) == ("partielle", ["themes"], "Trop court")
    assert (done.decided_by, done.decided_at is None) == (by, False)
    pole = Pole.objects.get(pk=pole.pk)
    assert (pole.summary, list(pole.themes.all())) == ("Un", [theme])
    with pytest.raises(ValidationError, match="déjà reçu sa réponse"):
        answer(made, {"summary": True, "themes": True}, by=by)


@pytest.mark.parametrize(
    ("accepted", "state"), [(True, "acceptee"), (False, "refusee")], ids=["all", "none"]
)
def test_all_or_nothing(accepted: bool, state: str) -> None:
    pole = PoleFactory(published=True)
    made = editor_proposes(pole, Change("summary", "", "Deux"))
    assert answer(made, {"summary": accepted}, "Motif", by=UserFactory()).state == state
    assert Pole.objects.get(pk=pole.pk).summary == ("Deux" if accepted else "")


def test_what_changed_since_is_accepted_only_knowingly() -> None:
    pole, by = PoleFactory(published=True, summary="Un"), UserFactory()
    made = editor_proposes(pole, Change("summary", "Un", "Deux"))
    Pole.objects.filter(pk=pole.pk).update(summary="Entre-temps")
    with pytest.raises(Conflicted) as caught:
        answer(made, {"summary": True}, by=by)
    assert [each.saved for each in caught.value.conflicts] == ["Entre-temps"]
    assert Proposal.objects.get(pk=made.pk).state == "attente"
    answer(made, {"summary": True}, by=by, over={"summary": "Entre-temps"})
    assert Pole.objects.get(pk=pole.pk).summary == "Deux"


def test_what_changed_since_can_always_be_refused() -> None:
    pole = PoleFactory(published=True, summary="Un")
    made = editor_proposes(pole, Change("summary", "Un", "Deux"))
    Pole.objects.filter(pk=pole.pk).update(summary="Entre-temps")
    assert answer(made, {"summary": False}, "Dépassé", by=UserFactory()).state == "refusee"


def test_a_departure_that_breaks_a_recognised_pole_asks_who_accepts_it() -> None:
    pole, members = recognised(record_state="publie")
    before = row(members[2].organisation)
    made = editor_proposes(pole, Change(f"members/{members[2].pk}", before, None))
    keys, by = dict.fromkeys(to_decide(made), True), UserFactory(officer=True)
    with pytest.raises(BreaksRecognition):
        answer(made, keys, by=by)
    answer(made, keys, by=by, regularising=True)
    assert Pole.objects.get(pk=pole.pk).recognition == "regularisation"


def test_words_of_the_pole_are_decided_like_a_value() -> None:
    pole = PoleFactory(published=True)
    words = propose(pole, [], origin="pole", base_version=1, message="La MJC nous a rejoints")
    more = propose(
        pole, [Change("website", "", "https://exemple.invalid")], origin="pole", base_version=1
    )
    assert more.pk == words.pk
    assert to_decide(more) == ["website", MESSAGE]
    done = answer(more, {"website": True, MESSAGE: False}, "Pas de date", by=UserFactory())
    assert (done.state, done.accepted) == ("partielle", ["website"])
    editors = editor_proposes(pole, Change("summary", "", "Deux"), message="Vu sur leur site")
    assert to_decide(editors) == ["summary"]


def test_the_public_does_not_join_another_stranger() -> None:
    pole = PoleFactory(published=True)
    made = [
        propose(pole, [], origin="public", base_version=1, message=words, author_email=address)
        for words, address in [("Un", "a@exemple.invalid"), ("Deux", "b@exemple.invalid")]
    ]
    assert made[0].pk != made[1].pk
    assert made[1].message == "Deux"


def test_an_author_takes_back_a_proposal_or_all_that_it_held() -> None:
    pole, author = PoleFactory(published=True, summary="Un"), UserFactory()
    made = editor_proposes(pole, Change("summary", "Un", "Deux"), author=author)
    with pytest.raises(ValidationError, match="ne peut plus être retirée"):
        withdraw(made, by=UserFactory())
    done = withdraw(made, by=author)
    assert (done.state, done.decided_by) == ("retiree", author)
    with pytest.raises(ValidationError, match="ne peut plus être retirée"):
        withdraw(made, by=author)


def test_of_an_organisation_a_kind_brings_its_facts_and_evidence() -> None:
    organisation = OrganisationFactory(name="Les Jardins")
    made = propose(
        organisation,
        [Change("kind", "inconnu", "association"), Change("name", "Les Jardins", "Le Jardin")],
        origin="public",
        base_version=organisation.version,
    )
    answer(made, {"kind": True, "name": False}, "Le nom est celui du registre", by=UserFactory())
    organisation.refresh_from_db()
    assert (organisation.name, organisation.kind) == ("Les Jardins", "association")
    assert (organisation.is_ess, organisation.is_commercial) == (True, False)
    stated = FactEvidence.objects.filter(organisation=organisation, aspect="kind").get()
    assert (stated.value, stated.origin) == ("association", "declaration")
    assert f"n° {made.pk}" in stated.source


def test_of_an_organisation_the_rules_are_told_in_french() -> None:
    organisation = OrganisationFactory(kind="association")
    for key, before, after, told in (
        ("siren", None, "123456789", "SIREN n’est pas valide"),
        ("is_ess", True, False, "contredisent sa nature"),
        ("name", organisation.name, "", "ne peut pas être vide"),
        ("slug", organisation.slug, "autre", "n’est pas un champ"),
    ):
        with pytest.raises(ValidationError, match=told):
            propose(organisation, [Change(key, before, after)], origin="public", base_version=1)


def test_of_an_organisation_a_broken_pole_is_told() -> None:
    _, members = recognised()
    organisation = members[1].organisation
    made = propose(
        organisation, [Change("closed_on", None, "2026-01-01")], origin="public", base_version=1
    )
    with pytest.raises(BreaksRecognition):
        answer(made, {"closed_on": True}, by=UserFactory())
