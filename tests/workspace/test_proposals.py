"""The pages of proposals: answered field by field by those who may, followed by their authors."""

from typing import Any

import pytest

from poles.models import Pole, Proposal
from poles.proposals import propose
from poles.record import Change
from tests.factories import (
    MembershipFactory,
    NetworkStaffFactory,
    OrganisationFactory,
    PoleFactory,
    ProposalFactory,
)
from tests.html import assert_clean_html
from tests.poles.mails import forget_mails, mails
from tests.poles.recognised import recognised
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db
LIST = "/espace/propositions/"


def proposed(them: Kept, **more: Any) -> Proposal:
    return propose(
        them.pole,
        [
            Change("summary", them.pole.summary, "Un pôle alimentaire urbain"),
            Change("founding_year", None, 2019),
        ],
        origin="redacteur",
        base_version=them.pole.version,
        author=them.editor,
        message="Vu avec la coordinatrice",
        **more,
    )


def published(**values: Any) -> Kept:
    return kept(record_state="publie", summary="Un pôle alimentaire rural", **values)


def page_of(user: Any, path: str) -> str:
    response = signed_in(user).get(path)
    assert response.status_code == 200, response.content.decode()
    html = response.content.decode()
    assert_clean_html(html)
    return html


def posted(user: Any, proposal: Proposal, **data: Any) -> str:
    path = f"{LIST}{proposal.pk}/"
    values = {name.replace("_", "-", 1): value for name, value in data.items()}
    response = signed_in(user).post(path, values, follow=True)
    html = response.content.decode()
    assert_clean_html(html)
    return html


def lu(user: Any, proposal: Proposal) -> str:
    html = page_of(user, f"{LIST}{proposal.pk}/")
    return html.partition('name="lu" value="')[2].partition('"')[0]


def test_managers_are_told_once_and_answer_field_by_field() -> None:
    them = published()
    made = proposed(them)
    (mail,) = mails()
    assert (mail.to, "une correction est proposée" in mail.subject) == (them.manager.email, True)
    assert f"/espace/propositions/{made.pk}/" in mail.text
    propose(
        them.pole,
        [Change("acronym", "", "PAR")],
        origin="redacteur",
        base_version=1,
        author=them.editor,
    )
    assert len(mails()) == 1
    html = page_of(them.manager, f"{LIST}{made.pk}/")
    assert "Vu avec la coordinatrice" in html
    assert "<del> rural</del>" in html
    assert "<ins> urbain</ins>" in html
    forget_mails()
    done = posted(
        them.manager,
        made,
        lu=lu(them.manager, made),
        reponse_summary="accepter",
        reponse_founding_year="refuser",
        reponse_acronym="accepter",
        why="L’année est celle des statuts",
    )
    assert "acceptée en partie" in done
    pole = Pole.objects.get(pk=them.pole.pk)
    assert (pole.summary, pole.founding_year, pole.acronym) == (
        "Un pôle alimentaire urbain",
        None,
        "PAR",
    )
    (mail,) = mails()
    assert mail.to == them.editor.email
    assert "L’année est celle des statuts" in mail.text
    told = page_of(them.editor, f"{LIST}{made.pk}/")
    assert "L’année est celle des statuts" in told
    assert told.count("Refusé") == 1


def test_a_refusal_without_a_reason_keeps_what_was_chosen() -> None:
    them = published()
    made = proposed(them)
    html = posted(
        them.manager,
        made,
        lu=lu(them.manager, made),
        reponse_summary="refuser",
        reponse_founding_year="accepter",
    )
    assert "Dites pourquoi vous refusez" in html
    checked = [part.partition(">")[0] for part in html.split("<input") if "checked" in part]
    assert len(checked) == 2
    assert 'value="refuser"' in checked[0]
    assert 'value="accepter"' in checked[1]
    html = posted(them.manager, made, lu=lu(them.manager, made), reponse_summary="accepter")
    assert "Acceptez ou refusez chaque changement" in html
    assert Proposal.objects.get(pk=made.pk).state == "attente"


def test_one_button_accepts_all() -> None:
    them = published()
    made = proposed(them)
    assert "Proposition acceptée" in posted(them.manager, made, lu=lu(them.manager, made), tout="1")
    assert Pole.objects.get(pk=them.pole.pk).founding_year == 2019


def test_what_changed_since_is_shown_before_it_is_written_over() -> None:
    them = published()
    made = proposed(them)
    read = lu(them.manager, made)
    Pole.objects.filter(pk=them.pole.pk).update(summary="Un pôle de l’énergie")
    html = posted(them.manager, made, lu=read, tout="1")
    assert "La fiche a changé depuis cette proposition" in html
    assert "Un pôle de l’énergie" in html
    assert Pole.objects.get(pk=them.pole.pk).summary == "Un pôle de l’énergie"
    seen = {"lu": read, "tout": "1", "vu-summary": '"Un pôle de l\\u2019énergie"'}
    signed_in(them.manager).post(f"{LIST}{made.pk}/", seen)
    assert Pole.objects.get(pk=them.pole.pk).summary == "Un pôle alimentaire urbain"


def test_what_its_author_added_is_read_before_it_is_accepted() -> None:
    them = published()
    made = proposed(them)
    read = lu(them.manager, made)
    propose(
        them.pole,
        [Change("summary", them.pole.summary, "Autre chose encore")],
        origin="redacteur",
        base_version=1,
        author=them.editor,
    )
    assert "complété sa proposition" in posted(them.manager, made, lu=read, tout="1")
    assert Pole.objects.get(pk=them.pole.pk).summary == them.pole.summary


def test_a_departure_that_breaks_a_recognised_pole_asks_first() -> None:
    pole, members = recognised(record_state="publie")
    them = kept()
    Pole.objects.filter(pk=pole.pk).update(reference_network=them.network)
    row = {
        "organisation": members[2].organisation_id,
        "role": "actif",
        "begins_on": None,
        "ends_on": None,
        "source_words": "",
    }
    made = propose(
        Pole.objects.get(pk=pole.pk),
        [Change(f"members/{members[2].pk}", row, None)],
        origin="redacteur",
        base_version=1,
        author=them.editor,
    )
    html = posted(them.manager, made, lu=lu(them.manager, made), tout="1")
    assert "romprait la composition" in html
    assert "Plus personne ne tiendrait" in html
    assert pole.memberships.count() == 3
    posted(them.manager, made, lu=lu(them.manager, made), tout="1", consent="oui")
    assert Pole.objects.get(pk=pole.pk).recognition == "regularisation"


def test_words_of_the_public_are_taken_into_account_or_not() -> None:
    them = published()
    made = ProposalFactory(pole=them.pole, changes={}, message="Le <b>siège</b> a déménagé")
    html = page_of(them.manager, f"{LIST}{made.pk}/")
    assert "Le &lt;b&gt;siège&lt;/b&gt; a déménagé" in html
    assert "Pris en compte" in html
    posted(them.manager, made, lu=lu(them.manager, made), reponse_message="accepter")
    assert Proposal.objects.get(pk=made.pk).state == "acceptee"


def test_an_author_follows_and_takes_back() -> None:
    them = published()
    made = proposed(them)
    assert "attend sa réponse" in page_of(them.editor, f"{LIST}{made.pk}/")
    assert "Un pôle" not in page_of(them.editor, LIST)
    assert them.pole.name in page_of(them.editor, f"{LIST}?miennes")
    client = signed_in(them.editor)
    response = client.post(f"{LIST}{made.pk}/retirer/", follow=True)
    assert "retirée" in response.content.decode()
    assert Proposal.objects.get(pk=made.pk).state == "retiree"
    response = client.post(f"{LIST}{made.pk}/retirer/", follow=True)
    assert "ne peut plus être retirée" in response.content.decode()
    assert signed_in(them.manager).post(f"{LIST}{made.pk}/retirer/").status_code == 404


WHO = {"editor": 403, "manager": 302, "officer": 302, "stranger": 403}


@pytest.mark.parametrize("who", WHO)
def test_who_answers(who: str) -> None:
    them = published()
    made = proposed(them)
    user = getattr(them, who)
    data = {"lu": lu(them.manager, made), "tout": "1"}
    response = signed_in(user).post(f"{LIST}{made.pk}/", data)
    assert response.status_code == WHO[who]
    assert (Proposal.objects.get(pk=made.pk).state == "attente") == (WHO[who] == 403)
    listed = f"{LIST}{made.pk}/" in page_of(user, LIST)
    assert listed is False
    assert signed_in(them.stranger).get(f"{LIST}{made.pk}/").status_code == 403


def test_those_of_a_record_that_nobody_keeps_wait_for_who_could_take_it() -> None:
    them = published(reference_network=None)
    made = ProposalFactory(pole=them.pole)
    assert f"{LIST}{made.pk}/" in page_of(them.manager, LIST)
    html = page_of(them.manager, f"{LIST}{made.pk}/")
    assert "doit d’abord la prendre en charge" in html
    assert "Tout accepter" not in html
    assert f"{LIST}{made.pk}/" not in page_of(them.editor, LIST)


def test_of_an_organisation_those_who_keep_its_poles_answer() -> None:
    them = published()
    organisation = MembershipFactory(pole=them.pole).organisation
    made = ProposalFactory(
        pole=None,
        organisation=organisation,
        changes={"website": {"before": "", "after": "https://exemple.invalid/"}},
    )
    assert f"{LIST}{made.pk}/" in page_of(them.manager, LIST)
    posted(them.manager, made, lu=lu(them.manager, made), tout="1")
    organisation.refresh_from_db()
    assert organisation.website == "https://exemple.invalid/"


@pytest.mark.parametrize("address", [LIST, f"{LIST}?miennes"])
def test_a_list_of_ten_thousand_costs_what_one_of_ten_does(
    address: str, django_assert_max_num_queries: Any
) -> None:
    them = published()
    author = them.manager
    for more in (1, 45):
        for _ in range(more):
            pole = PoleFactory(published=True, reference_network=them.network)
            ProposalFactory(pole=pole, author=author)
            ProposalFactory(
                pole=None,
                organisation=MembershipFactory(pole=pole).organisation,
                author=NetworkStaffFactory().user,
            )
        client = signed_in(them.manager)
        with django_assert_max_num_queries(MAX_STATEMENTS):
            html = client.get(address).content.decode()
    assert_clean_html(html)
    assert "page=2" in html


def test_a_proposal_of_many_members_costs_what_one_does(
    django_assert_max_num_queries: Any,
) -> None:
    them = published()
    rows = [
        {"organisation": OrganisationFactory().pk, "role": "actif", "source_words": ""}
        for _ in range(30)
    ]
    changes = [Change(f"members/+{n}", None, row) for n, row in enumerate(rows, 1)]
    made = propose(
        them.pole,
        [*changes, Change("seat", them.pole.seat_id, None)],
        origin="redacteur",
        base_version=1,
        author=them.editor,
    )
    client = signed_in(them.manager)
    with django_assert_max_num_queries(MAX_STATEMENTS):
        html = client.get(f"{LIST}{made.pk}/").content.decode()
    assert html.count('id="champ-') == 31
