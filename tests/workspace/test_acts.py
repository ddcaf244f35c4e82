"""What may be done with a record as a whole, on its page and on the pages of its acts."""

from typing import Any

import pytest

from poles.models import Pole, Proposal
from tests.factories import MembershipFactory, NetworkStaffFactory, PoleFactory
from tests.html import assert_clean_html
from tests.poles.mails import mails
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db


def whole(**values: Any) -> Kept:
    them = kept(summary="Un résumé", **values)
    MembershipFactory(pole=them.pole)
    return them


def address(them: Kept, act: str) -> str:
    return f"/espace/poles/{them.pole.pk}/actes/{act}/"


def state(them: Kept) -> str:
    return Pole.objects.get(pk=them.pole.pk).record_state


OFFERED = {
    ("brouillon", "editor"): {"soumettre"},
    ("brouillon", "manager"): {"publier", "effacer"},
    ("soumis", "editor"): {"reprendre"},
    ("soumis", "manager"): {"publier", "renvoyer"},
    ("publie", "editor"): set(),
    ("publie", "manager"): set(),
    ("publie", "stranger"): set(),
    ("publie", "officer"): {"archiver"},
    ("archive", "officer"): {"restaurer"},
}
ALL = {"soumettre", "publier", "effacer", "reprendre", "renvoyer", "archiver", "restaurer"}


@pytest.mark.parametrize(("before", "who"), OFFERED, ids="-".join)
def test_each_is_offered_what_they_may_do(before: str, who: str) -> None:
    them = whole(record_state=before, archive_reason="Motif")
    client = signed_in(getattr(them, who))
    html = client.get(f"/espace/poles/{them.pole.pk}/").content.decode()
    assert_clean_html(html)
    assert {act for act in ALL if address(them, act) in html} == OFFERED[before, who]
    for act in ALL - OFFERED[before, who]:
        client.post(address(them, act), {"why": "Motif"})
        assert state(them) == before


def test_a_draft_is_submitted_then_published(
    django_assert_max_num_queries: Any,
) -> None:
    them = whole()
    editor, manager = signed_in(them.editor), signed_in(them.manager)
    with django_assert_max_num_queries(MAX_STATEMENTS):
        html = editor.get(address(them, "soumettre")).content.decode()
    assert_clean_html(html)
    response = editor.post(address(them, "soumettre"), {"why": "Relu par le pôle"}, follow=True)
    page = response.content.decode()
    assert "La fiche est soumise" in page
    assert "Relu par le pôle" in page
    assert state(them) == "soumis"
    assert [mail.to for mail in mails()] == [them.manager.email]
    assert manager.post(address(them, "publier")).status_code == 302
    assert state(them) == "publie"
    by = [(step.act, step.by) for step in them.pole.record_steps.order_by("pk")]
    assert by == [("soumission", them.editor), ("publication", them.manager)]


def test_a_refusal_without_a_reason_loses_nothing() -> None:
    them = whole(record_state="soumis")
    response = signed_in(them.manager).post(address(them, "renvoyer"), {"why": "  "})
    html = response.content.decode()
    assert_clean_html(html)
    assert "Dites pourquoi" in html
    assert state(them) == "soumis"
    long = "Le siège est faux. " * 40
    response = signed_in(them.manager).post(address(them, "renvoyer"), {"why": long})
    assert "au plus 500" in response.content.decode()
    assert long.strip() in response.content.decode()
    signed_in(them.manager).post(address(them, "renvoyer"), {"why": "Le siège est faux"})
    assert them.pole.record_steps.get().reason == "Le siège est faux"


def test_what_is_missing_is_listed_before() -> None:
    them = kept(coverage_words="Le pays")
    html = signed_in(them.editor).get(address(them, "soumettre")).content.decode()
    assert_clean_html(html)
    assert "un résumé ou une description" in html
    assert "un membre au moins" in html
    assert "un siège ou un territoire" not in html
    assert 'type="submit"' not in html.partition('id="content"')[2]
    posted = signed_in(them.editor).post(address(them, "soumettre"))
    assert "Il manque un membre au moins" in posted.content.decode()


def test_who_comes_too_late_is_told() -> None:
    them = whole(record_state="publie")
    response = signed_in(them.manager).post(address(them, "publier"), follow=True)
    assert "cela ne peut plus se faire" in response.content.decode()
    assert signed_in(them.manager).get(address(them, "danser")).status_code == 404


def test_an_erased_draft_leaves_for_the_dashboard() -> None:
    them = whole()
    response = signed_in(them.manager).post(address(them, "effacer"), follow=True)
    assert response.redirect_chain == [("/espace/", 302)]
    assert "Le brouillon est effacé" in response.content.decode()
    assert not Pole.objects.filter(pk=them.pole.pk).exists()


def test_a_manager_takes_in_charge_what_nobody_keeps() -> None:
    them = whole(reference_network=None, record_state="publie")
    path = f"/espace/poles/{them.pole.pk}/prendre-en-charge/"
    manager = signed_in(them.manager)
    assert path in manager.get(f"/espace/poles/{them.pole.pk}/").content.decode()
    html = manager.get(path).content.decode()
    assert_clean_html(html)
    assert manager.post(path, {"network": them.network.pk}).status_code == 302
    assert Pole.objects.get(pk=them.pole.pk).reference_network == them.network
    refused = manager.post(path, {"network": them.network.pk})
    assert refused.status_code == 403
    assert "déjà la charge" in refused.content.decode()
    assert signed_in(them.officer).get(path).status_code == 200


@pytest.mark.parametrize("who", ["editor", "stranger"])
def test_others_do_not_take_in_charge(who: str) -> None:
    them = whole(reference_network=None, record_state="publie")
    path = f"/espace/poles/{them.pole.pk}/prendre-en-charge/"
    page = signed_in(getattr(them, who)).get(f"/espace/poles/{them.pole.pk}/")
    assert path not in page.content.decode()
    response = signed_in(getattr(them, who)).post(path, {"network": them.network.pk})
    assert response.status_code == 403
    assert "peut prendre en charge" in response.content.decode()


def test_a_network_that_is_not_one_s_own_is_no_choice() -> None:
    them = whole(reference_network=None, record_state="publie")
    other = NetworkStaffFactory(role="responsable").network
    path = f"/espace/poles/{them.pole.pk}/prendre-en-charge/"
    response = signed_in(them.manager).post(path, {"network": other.pk})
    assert_clean_html(response.content.decode())
    assert Pole.objects.get(pk=them.pole.pk).reference_network is None


def test_the_record_is_right_in_one_click() -> None:
    them = whole(record_state="publie")
    path = f"/espace/poles/{them.pole.pk}/confirmer/"
    client = signed_in(them.manager)
    assert f'action="{path}"' in client.get(f"/espace/poles/{them.pole.pk}/").content.decode()
    response = client.post(path, follow=True)
    assert "la fiche est confirmée juste" in response.content.decode()
    assert Pole.objects.get(pk=them.pole.pk).confirmed_on is not None
    assert client.get(path).status_code == 405


def test_an_editor_s_confirmation_of_what_is_published_is_a_proposal() -> None:
    them = whole(record_state="publie")
    client = signed_in(them.editor)
    client.post(f"/espace/poles/{them.pole.pk}/confirmer/")
    response = client.post(f"/espace/poles/{them.pole.pk}/membres-complets/", follow=True)
    assert "est proposée" in response.content.decode()
    proposal = Proposal.objects.get(pole=them.pole, author=them.editor)
    assert set(proposal.changes) == {"confirmed_on", "members_confirmed_on"}
    assert Pole.objects.get(pk=them.pole.pk).confirmed_on is None


def test_a_complete_list_says_what_it_means_before(django_assert_max_num_queries: Any) -> None:
    them = whole(record_state="publie")
    path = f"/espace/poles/{them.pole.pk}/membres-complets/"
    client = signed_in(them.manager)
    for more in (0, 12):
        for _ in range(more):
            MembershipFactory(pole=them.pole)
        with django_assert_max_num_queries(MAX_STATEMENTS):
            html = client.get(path).content.decode()
    assert_clean_html(html)
    assert "Les 13 membres de la liste" in html
    assert "ne permet pas de dire" in html
    client.post(path)
    assert Pole.objects.get(pk=them.pole.pk).members_confirmed_on is not None


def test_a_complete_list_that_is_too_short_says_so() -> None:
    them = whole(record_state="publie")
    path = f"/espace/poles/{them.pole.pk}/membres-complets/"
    html = signed_in(them.manager).get(path).content.decode()
    assert "Si vous confirmez" in html
    assert "ne satisfait pas" in html


def test_each_person_chooses_their_mails(django_assert_max_num_queries: Any) -> None:
    them = kept()
    client = signed_in(them.editor)
    with django_assert_max_num_queries(MAX_STATEMENTS):
        html = client.get("/espace/preferences/").content.decode()
    assert_clean_html(html)
    assert 'value="aussitot"' in html
    response = client.post("/espace/preferences/", {"choice": "aucun"}, follow=True)
    assert "Votre choix est enregistré" in response.content.decode()
    assert them.editor.notice_preference.choice == "aucun"
    wrong = client.post("/espace/preferences/", {"choice": "parfois"})
    assert_clean_html(wrong.content.decode())
    client.post("/espace/preferences/", {})
    them.editor.refresh_from_db()
    assert them.editor.notice_preference.choice == "aucun"
    assert PoleFactory().record_steps.count() == 0
