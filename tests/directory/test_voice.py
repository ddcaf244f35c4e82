"""A pole speaks for itself by a signed link: it confirms, or proposes; it writes nothing else."""

import re
import time
from datetime import timedelta
from typing import Any

import pghistory.models
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from poles import voice
from poles.models import Pole, Proposal, VoiceLink
from poles.proposals import answer, to_decide
from tests.directory.sending import moment
from tests.factories import MembershipFactory, OrganisationFactory
from tests.forms import fields_of
from tests.html import assert_clean_html
from tests.poles.mails import forget_mails, mails
from tests.workspace.staff import Kept, kept, signed_in

pytestmark = pytest.mark.django_db
CONTACT = "contact@exemple.invalid"


def published(**values: Any) -> Kept:
    given = {"record_state": "publie", "contact_email": CONTACT, "summary": "Un résumé"}
    return kept(**(given | values))


def link(them: Kept) -> str:
    return voice.link_of(Pole.objects.get(pk=them.pole.pk))


def old_link(them: Kept, days: int, monkeypatch: pytest.MonkeyPatch) -> str:
    now = time.time()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.signing.time.time", lambda: now - days * 86400)
        return link(them)


def page_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    html = response.content.decode()
    assert_clean_html(html)
    return html


def sent(client: Client, path: str, **typed: Any) -> Any:
    fields = {
        name: value
        for name, value in fields_of(client.get(path)).items()
        if name not in {"csrfmiddlewaretoken", "action"}
    }
    return client.post(path, {**fields, "moment": moment("voix"), **typed}, follow=True)


def test_it_reads_its_record_in_plain_words(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    them = published(name="Pôle du Val")
    for more in (1, 20):
        for _ in range(more):
            MembershipFactory(pole=them.pole, organisation=OrganisationFactory())
        with django_assert_max_num_queries(12):
            html = page_of(client, link(them))
    hidden = OrganisationFactory(name="Madame Untel", publication_status="P")
    MembershipFactory(pole=them.pole, organisation=hidden)
    html = page_of(client, link(them))
    for said in ("Pôle du Val", "Un résumé", them.pole.seat.name, "Organisation d’essai"):
        assert said in html
    assert "Madame Untel" not in html


def test_it_confirms_in_one_click(client: Client) -> None:
    them = published()
    path = link(them)
    assert "Oui, la fiche est juste" in page_of(client, path)
    assert Pole.objects.get(pk=them.pole.pk).confirmed_on is None
    response = client.post(path, {"action": "confirmer"}, follow=True)
    assert "la fiche est confirmée" in response.content.decode()
    assert Pole.objects.get(pk=them.pole.pk).confirmed_on == timezone.localdate()
    assert client.post(path, {"action": "confirmer"}, follow=True).status_code == 200


def test_the_history_says_who_and_never_the_link(client: Client) -> None:
    them = published()
    path = link(them)
    client.post(path, {"action": "confirmer"})
    sent(client, path, summary="Un autre résumé")
    contexts = [context.metadata for context in pghistory.models.Context.objects.all()]
    token = path.rstrip("/").rpartition("/")[2]
    assert [each["why"] for each in contexts if "why" in each]
    assert token not in str(contexts)
    assert {each["url"] for each in contexts if each.get("why") == voice.WHY} == {"/votre-pole/-/"}


def test_it_proposes_what_its_network_accepts_one_by_one(client: Client) -> None:
    them = published()
    path = link(them)
    response = sent(
        client, path, summary="Un pôle de l’énergie", members="La MJC nous a rejoints en mars"
    )
    assert "Merci, c’est envoyé" in response.content.decode()
    made = Proposal.objects.get(pole=them.pole)
    assert (made.origin, made.author, made.author_email) == ("pole", None, CONTACT)
    assert made.changes == {"summary": {"before": "Un résumé", "after": "Un pôle de l’énergie"}}
    assert "La MJC nous a rejoints en mars" in made.message
    assert Pole.objects.get(pk=them.pole.pk).summary == "Un résumé"
    assert [mail.to for mail in mails()] == [them.manager.email]
    forget_mails()
    answer(made, dict.fromkeys(to_decide(made), True), by=them.manager)
    assert Pole.objects.get(pk=them.pole.pk).summary == "Un pôle de l’énergie"
    assert [mail.to for mail in mails()] == [CONTACT]


def test_what_is_wrong_is_told_and_nothing_lost(client: Client) -> None:
    them = published()
    response = sent(client, link(them), founding_year="jadis", members="La MJC")
    html = response.content.decode()
    assert_clean_html(html)
    assert "Ce n’est pas encore envoyé" in html
    assert "La MJC" in html
    assert 'value="jadis"' in html
    assert not Proposal.objects.exists()


def test_a_link_lasts_sixty_days_and_a_new_one_goes_to_the_contact_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    them = published()
    page_of(client, old_link(them, 59, monkeypatch))
    old = old_link(them, 61, monkeypatch)
    html = page_of(client, old, 410)
    assert "Un lien dure 60 jours" in html
    assert CONTACT not in html
    client.post(old, {"action": "confirmer"})
    sent_nothing = client.post(old, {"summary": "Autre"})
    assert sent_nothing.status_code == 410
    assert Pole.objects.get(pk=them.pole.pk).confirmed_on is None
    assert not Proposal.objects.exists()
    assert mails() == []
    response = client.post(old, {"action": "renouveler"})
    assert "Un nouveau lien est parti" in response.content.decode()
    (mail,) = mails()
    assert mail.to == CONTACT
    (path,) = set(re.findall(r"/votre-pole/[^/\s]+/", mail.text))
    assert path in mail.html
    page_of(client, path)
    again = client.post(old, {"action": "renouveler"})
    assert "dans les dernières vingt-quatre heures" in again.content.decode()
    assert len(mails()) == 1


def test_a_link_is_bound_to_the_pole_its_address_and_its_state(client: Client) -> None:
    them, other = published(), published()
    path = link(them)
    number, _, rest = path.removeprefix("/votre-pole/").partition("-")
    assert number == str(them.pole.pk)
    page_of(client, f"/votre-pole/{other.pole.pk}-{rest}", 410)
    page_of(client, f"{path[:-2]}/", 410)
    page_of(client, "/votre-pole/x/", 410)
    Pole.objects.filter(pk=them.pole.pk).update(contact_email=CONTACT.upper())
    page_of(client, path)
    Pole.objects.filter(pk=them.pole.pk).update(contact_email="autre@exemple.invalid")
    page_of(client, path, 410)
    Pole.objects.filter(pk=them.pole.pk).update(contact_email="")
    page_of(client, path, 410)
    Pole.objects.filter(pk=them.pole.pk).update(
        contact_email=CONTACT, record_state="archive", archive_reason="Motif"
    )
    page_of(client, path, 410)
    client.post(path, {"action": "confirmer"})
    assert Pole.objects.get(pk=them.pole.pk).confirmed_on is None


def test_a_link_that_is_used_too_much_rests(client: Client) -> None:
    them = published()
    statuses = {client.post(link(them), {"action": "confirmer"}).status_code for _ in range(21)}
    assert statuses == {302, 429}


def test_each_pole_is_written_to_once_a_year() -> None:
    Pole.objects.update(contact_email="")
    them = published()
    kept(contact_email=CONTACT)
    published(contact_email="")
    assert voice.send_yearly() == 1
    (mail,) = mails()
    assert mail.to == CONTACT
    assert them.pole.name in mail.subject
    assert "une fois par an" in mail.text
    assert voice.send_yearly() == 0
    VoiceLink.objects.update(sent_at=timezone.now() - timedelta(days=366))
    assert voice.send_yearly() == 1


def test_a_night_writes_to_so_many_the_longest_waiting_first(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    Pole.objects.update(contact_email="")
    monkeypatch.setattr(voice, "A_NIGHT", 1)
    long_ago, never = published(), published()
    VoiceLink.objects.create(pole=long_ago.pole, sent_at=timezone.now() - timedelta(days=500))
    call_command("send_pole_links")
    call_command("send_pole_links")
    call_command("send_pole_links")
    said = capsys.readouterr().out
    assert re.findall(r"pôles : (\d)", said) == ["1", "1", "0"]
    order = list(VoiceLink.objects.order_by("pk").values_list("pole", flat=True))
    assert set(order) == {long_ago.pole.pk, never.pole.pk}


def test_staff_ask_for_a_link_once_a_day() -> None:
    them = published()
    path = f"/espace/poles/{them.pole.pk}/lien/"
    editor = signed_in(them.editor)
    page = editor.get(f"/espace/poles/{them.pole.pk}/").content.decode()
    assert_clean_html(page)
    assert f'action="{path}"' in page
    assert "Le lien est parti" in editor.post(path, follow=True).content.decode()
    assert [mail.to for mail in mails()] == [CONTACT]
    assert VoiceLink.objects.get().sent_by == them.editor
    again = signed_in(them.manager).post(path, follow=True)
    assert "dans les dernières vingt-quatre heures" in again.content.decode()
    assert len(mails()) == 1
    assert signed_in(them.stranger).post(path).status_code == 403
    assert editor.get(path).status_code == 405


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"contact_email": ""}, "pas d’adresse de contact"),
        ({"record_state": "brouillon"}, "dont la fiche est publiée"),
    ],
    ids=["nobody", "draft"],
)
def test_a_link_is_not_sent_to_nobody(values: dict[str, Any], told: str) -> None:
    them = published(**values)
    path = f"/espace/poles/{them.pole.pk}/lien/"
    page = signed_in(them.manager).get(f"/espace/poles/{them.pole.pk}/").content.decode()
    assert path not in page
    assert told in signed_in(them.manager).post(path, follow=True).content.decode()
    assert mails() == []
