"""Texts, letters and their sending, as an officer uses them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Application, Call, Letter, LetterKind, LetterTemplate
from tests.breaking import update
from tests.call_factories import (
    ExaminationFactory,
    LetterFactory,
    LetterTemplateFactory,
    advance,
    call_at,
    file_of,
    laureate,
)
from tests.factories import CallFactory, PoleFactory, StrandFactory, UserFactory, WaveFactory
from tests.forms import fields_of, filled
from tests.html import html_findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory(officer=True, full_name="Odile Agente"))
    return client


def letters(call: Call, kind: str = "") -> str:
    address = reverse("admin:calls_call_letters", args=[call.pk])
    return f"{address}?nature={kind}" if kind else address


def received(call: Call, **values: Any) -> Application:
    given = {"contact_email": "dossier@exemple.invalid", **values}
    return file_of(call, received_on="2024-03-01", **given)


def read(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    words = page.content.decode()
    assert [f for f in html_findings(words) if "style" in f or "handler" in f] == []
    return words


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        read(client, address)
    return len(captured)


def checked(page: Any) -> dict[str, Any]:
    """What the page that shows the letters would send to have them leave."""
    choice = page.context["choice"]
    sent: dict[str, Any] = {"action": "envoyer", "because": choice.because}
    sent["dossier"] = [row.file.pk for row in choice.rows if row.ticked]
    for draft in page.context["drafts"]:
        assert f'name="vu-{draft.file.pk}"' in page.content.decode()
        sent[f"vu-{draft.file.pk}"] = draft.digest
    for row in choice.rows:
        sent[f"motifs-{row.file.pk}"] = row.reasons
    return sent


def test_letters_are_chosen_looked_at_and_sent(officer: Client, mailoutbox: list[Any]) -> None:
    call = call_at("ouvert")
    first, second = received(call), received(call, contact_email="")
    file_of(call)
    assert "2, dont 1 sans adresse" in read(officer, letters(call))
    address = letters(call, "recu")
    page = officer.post(address, {"action": "voir", "dossier": [first.pk, second.pk]})
    words = page.content.decode()
    assert "1 courriel, 1 courrier à imprimer" in words
    assert "Rien n’est encore parti" in words
    assert first.pole.name in words
    assert not Letter.objects.exists()
    pdf = officer.post(address, {**checked(page), "action": "", "pdf": str(second.pk)})
    assert pdf["Content-Type"] == "application/pdf"
    assert not Letter.objects.exists()
    back = officer.post(address, {**checked(page), "action": "revenir"}).content.decode()
    assert "Voir avant d’envoyer" in back
    answer = officer.post(address, checked(page), follow=True).content.decode()
    assert "1 courrier par courriel, 1 à imprimer" in answer
    assert "Déjà informés\u00a0: 2" in answer.replace("&nbsp;", "\u00a0")
    assert [mail.to for mail in mailoutbox] == [["dossier@exemple.invalid"]]
    assert set(Letter.objects.values_list("application", "printed")) == {
        (first.pk, False),
        (second.pk, True),
    }


def test_reasons_are_asked_for_and_nothing_typed_is_lost(officer: Client) -> None:
    call = call_at("ouvert")
    known = received(call, eligible=False, eligible_reason="Pas de territoire donné.")
    unknown = received(call, eligible=False, eligible_reason="x")
    address = letters(call, "irrecevable")
    assert "Pas de territoire donné." in read(officer, address)
    sent = {
        "action": "voir",
        "dossier": [known.pk, unknown.pk],
        f"motifs-{known.pk}": "Un motif <b>écrit</b>.",
        f"motifs-{unknown.pk}": " ",
    }
    page = officer.post(address, sent)
    words = page.content.decode()
    assert "1 dossier à revoir" in words
    assert "Écrivez les motifs." in words
    assert "Un motif &lt;b&gt;écrit&lt;/b&gt;." in words
    sent[f"motifs-{unknown.pk}"] = "Un autre."
    answer = officer.post(address, checked(officer.post(address, sent)))
    assert answer.status_code == 302
    assert "Un motif <b>écrit</b>." in Letter.objects.get(application=known).body
    assert "Cochez au moins" in officer.post(address, {"action": "voir"}).content.decode()


def test_nothing_is_told_of_decisions_before_the_step(officer: Client) -> None:
    call = call_at()
    file = received(call)
    laureate(file, 1000)
    for address in (letters(call), letters(call, "laureat")):
        assert "rien ne part avant" in read(officer, address)
    assert "Voir avant d’envoyer" not in read(officer, letters(call, "laureat"))
    advance(call, "decide")
    assert "Voir avant d’envoyer" in read(officer, letters(call, "laureat"))


def test_a_letter_is_sent_again_with_its_reason(officer: Client, mailoutbox: list[Any]) -> None:
    letter = LetterFactory()
    call = letter.application.call
    assert "Aucun dossier n’attend ce courrier" in read(officer, letters(call, "recu"))
    address = f"{letters(call, 'recu')}&dossier={letter.application_id}"
    assert "Envoyer de nouveau, parce que" in read(officer, address)
    sent = {"action": "voir", "dossier": letter.application_id}
    assert "Dites pourquoi" in officer.post(address, sent).content.decode()
    page = officer.post(address, sent | {"because": "Un objet faux."})
    assert officer.post(address, checked(page)).status_code == 302
    again = Letter.objects.get(because="Un objet faux.")
    words = read(officer, reverse("admin:calls_letter_read", args=[again.pk]))
    assert "Un objet faux." in words
    assert "Odile Agente" in words
    assert reverse("admin:calls_letter_read", args=[letter.pk]) in words
    file = reverse("admin:calls_application_examination", args=[letter.application_id])
    assert reverse("admin:calls_letter_pdf", args=[again.pk]) in read(officer, file)


def test_a_letter_that_changed_is_looked_at_again(officer: Client) -> None:
    call = call_at("ouvert")
    file = received(call)
    address = letters(call, "recu")
    page = officer.post(address, {"action": "voir", "dossier": file.pk})
    LetterTemplateFactory(call=call, kind="recu")
    words = officer.post(address, checked(page)).content.decode()
    assert "a changé depuis l’aperçu" in words
    assert not Letter.objects.exists()


def test_a_letter_is_read_as_a_page_and_as_a_pdf(officer: Client) -> None:
    letter = LetterFactory(body="Un <b>texte</b>.\nDeux.", address="")
    update(letter, officer_id=None)
    words = read(officer, reverse("admin:calls_letter_read", args=[letter.pk]))
    assert "Un &lt;b&gt;texte&lt;/b&gt;." in words
    assert "par courriel, adresse effacée" in words
    assert "un ancien compte" in words
    pdf = officer.get(reverse("admin:calls_letter_pdf", args=[letter.pk]))
    assert pdf.content.startswith(b"%PDF")
    assert "no-store" in pdf["Cache-Control"]
    assert officer.get(reverse("admin:calls_letter_read", args=["9" * 30])).status_code == 404
    assert "Un objet" in read(officer, reverse("admin:calls_letter_changelist"))


def test_a_text_is_seen_before_it_is_saved(officer: Client) -> None:
    saved = LetterTemplate.objects.get(kind="laureat", call=None)
    address = reverse("admin:calls_lettertemplate_preview")
    change = reverse("admin:calls_lettertemplate_change", args=[saved.pk])
    typed = filled(officer.get(change), body="Cher {pole},\n\n{montant}\u00a0!") | {
        "modele": saved.pk
    }
    words = officer.post(address, typed).content.decode()
    assert "Cher Pôle d’exemple du Val d’Œuvre," in words
    file = received(call_at("ouvert"))
    chosen = typed | {"appel": file.call_id, "dossier": file.pk}
    words = officer.post(address, chosen).content.decode()
    assert f"Cher {file.pole.name}," in words
    assert "ne partirait pas aujourd’hui" in words
    pdf = officer.post(address, chosen | {"forme": "pdf"})
    assert pdf.content.startswith(b"%PDF")
    words = officer.post(address, typed | {"body": "{inconnu}"}).content.decode()
    assert "Ce champ n’existe pas" in words
    saved.refresh_from_db()
    assert "Cher" not in saved.body


def test_the_text_of_a_call_begins_with_the_general_one(officer: Client) -> None:
    general = LetterTemplate.objects.get(kind="refuse", call=None)
    address = reverse("admin:calls_lettertemplate_add")
    typed = fields_of(officer.get(address, {"kind": "refuse", "call": CallFactory().pk}))
    assert typed["subject"] == [general.subject]
    assert typed["body"][0].split() == general.body.split()


def test_a_text_that_names_what_does_not_exist_is_refused(officer: Client) -> None:
    saved = LetterTemplate.objects.get(kind="refuse", call=None)
    address = reverse("admin:calls_lettertemplate_change", args=[saved.pk])
    page = officer.post(address, filled(officer.get(address), body="{motif}, recours {motifs}"))
    (message,) = page.context["adminform"].form.errors["body"]
    assert "Ce champ n’existe pas\u00a0: {motif}" in message
    page = officer.post(address, filled(officer.get(address), body="{motifs}"))
    assert "voies et délais" in str(page.context["adminform"].form.errors["body"])
    added = reverse("admin:calls_lettertemplate_add")
    call = call_at()
    sent = {"kind": "recu", "call": call.pk, "subject": "Reçu", "body": "Merci {pole}"}
    assert officer.post(added, sent).status_code == 302
    again = officer.post(added, sent)
    assert "a déjà son modèle" in again.content.decode()
    own = LetterTemplate.objects.get(call=call)
    delete = reverse("admin:calls_lettertemplate_delete", args=[own.pk])
    assert officer.get(delete).status_code == 200


def test_pages_cost_the_same_with_many_files(officer: Client) -> None:
    call = call_at("ouvert")

    def more() -> None:
        wave, strand = WaveFactory(call=call), StrandFactory(call=call)
        file = received(call, wave=wave, strand=strand)
        ExaminationFactory(application=file)
        LetterFactory(application=file)
        received(call, pole=PoleFactory())

    more()
    addresses = [
        letters(call),
        *(letters(call, kind) for kind in LetterKind.values),
        f"{reverse('admin:calls_lettertemplate_preview')}?appel={call.pk}",
        reverse("admin:calls_letter_changelist"),
        reverse("admin:calls_lettertemplate_changelist"),
    ]
    for address in addresses:
        read(officer, address)
    few = [statements(officer, address) for address in addresses]
    for _ in range(8):
        more()
    assert [statements(officer, address) for address in addresses] == few
    assert max(few) <= 12
