"""Letters written from their texts, kept and mailed once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from calls.letters import LettersRefused, send
from calls.letters.fields import TYPICAL, paragraphs, written
from calls.letters.kinds import days_of, known_reasons, letter_files
from calls.letters.sending import drafts
from calls.models import (
    LETTER_FIELDS,
    Application,
    Call,
    DecisionSession,
    Letter,
    LetterKind,
    LetterTemplate,
)
from networks.models import User
from tests.breaking import ALOUD, SILENTLY, run, update
from tests.call_factories import (
    DecisionSessionFactory,
    ExaminationFactory,
    LetterTemplateFactory,
    advance,
    call_at,
    file_of,
    laureate,
)
from tests.factories import (
    ApplicationFactory,
    CommuneFactory,
    OrganisationFactory,
    PoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return UserFactory(officer=True, full_name="Odile Agente")


def decided(decision: str = "laureat", **values: Any) -> Application:
    """A file of a call that is decided."""
    call = values.pop("call", None) or call_at(name="Appel d’essai", organiser="Le ministère")
    given = {"contact_email": "dossier@exemple.invalid", **values}
    file = file_of(call, received_on="2024-03-01", **given)
    session: DecisionSession = DecisionSessionFactory(call=call)
    amount = 60_000 if decision == "laureat" else None
    update(
        file,
        decision=decision,
        decided_on=timezone.localdate(),
        amount_eur=amount,
        session_id=session.pk,
    )
    if call.state == "instruction":
        advance(call, "decide")
    file.refresh_from_db()
    return file


def refused_rows(*args: Any, **named: Any) -> dict[int, str]:
    with pytest.raises(LettersRefused) as caught:
        send(*args, **named)
    return caught.value.rows


@pytest.mark.parametrize("kind", LetterKind.values)
def test_every_kind_has_its_text_from_the_start(kind: str) -> None:
    template = LetterTemplate.objects.get(kind=kind, call=None)
    template.full_clean()
    assert written(template.subject + template.body, TYPICAL).missing == []
    assert "'" not in template.body
    # The spaces of French do not break.
    assert all(f" {mark}" not in template.body for mark in ":;!?»")


def test_every_field_is_written(officer: User) -> None:
    assert TYPICAL.keys() == LETTER_FIELDS.keys()
    file = decided(beneficiary=OrganisationFactory(name="SCIC du Val"), file_number="4242")
    everything = "\n".join(f"{name}={{{name}}}" for name in LETTER_FIELDS)
    LetterTemplateFactory(call=file.call, body=everything)
    (draft,) = drafts(
        "laureat", list(letter_files(Application.objects.filter(pk=file.pk))), officer
    )
    assert "numero_dossier=4242" in draft.body
    assert "montant=60\u202f000\u00a0€" in draft.body
    assert "agent=Odile Agente" in draft.body
    assert "date_reception=1er mars 2024" in draft.body
    assert "beneficiaire=SCIC du Val" in draft.body
    # No letter leaves with a hole in it.
    assert draft.problem == "Écrivez les motifs."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{pôle} et {pole}", "Ce champ n’existe pas\u00a0: {pôle}."),
        ("{a} {b} {a}", "Ces champs n’existent pas\u00a0: {a}, {b}."),
        ("{% now 'Y' %}", "Ce champ n’existe pas"),
        ("{{pole}}", "Une accolade est seule."),
        ("fin }", "Une accolade est seule."),
    ],
)
def test_a_field_that_does_not_exist_is_told_beside_it(text: str, told: str) -> None:
    for name in ("subject", "body"):
        template = LetterTemplateFactory.build(call=None, **{name: text})
        with pytest.raises(ValidationError) as caught:
            template.clean()
        (message,) = caught.value.message_dict[name]
        assert told in message
        assert "{numero_dossier}" in message


def test_what_a_value_says_is_never_read_again() -> None:
    assert written("{pole}", {"pole": "{motifs} {0}", "motifs": "x"}).text == "{motifs} {0}"
    assert paragraphs("A\r\nb\r\n \r\n\r\nC\n") == [["A", "b"], ["C"]]


def test_a_letter_is_kept_and_mailed_with_its_pdf(officer: User, mailoutbox: list[Any]) -> None:
    file = decided(pole=PoleFactory(name="Pôle <du> Val & Cie", seat=CommuneFactory(name="Val")))
    (letter,) = send("laureat", [file], officer)
    assert letter.address == "dossier@exemple.invalid"
    assert letter.sender == "Le ministère"
    assert letter.recipient.split("\n")[0] == "Pôle <du> Val & Cie"
    assert "60\u202f000\u00a0€" in letter.body
    assert letter.about_on == timezone.localdate()
    assert (letter.officer, letter.printed) == (officer, False)
    (mail,) = mailoutbox
    assert mail.to == [letter.address]
    assert mail.subject == letter.subject
    assert "Pôle <du> Val & Cie" in mail.body
    assert "Pôle &lt;du&gt; Val &amp; Cie" in mail.alternatives[0].content
    ((name, content, kind),) = mail.attachments
    assert (name, kind) == ("courrier.pdf", "application/pdf")
    assert content.startswith(b"%PDF")


def test_nobody_is_told_twice_unless_it_is_said_why(officer: User, mailoutbox: list[Any]) -> None:
    file, other = decided(), decided()
    send("laureat", [file], officer)
    rows = refused_rows("laureat", [file, other], officer)
    assert rows.keys() == {file.pk}
    assert "dites pourquoi" in rows[file.pk]
    assert Letter.objects.count() == len(mailoutbox) == 1
    (again,) = send("laureat", [file], officer, because=" Le montant était faux. ")
    assert again.because == "Le montant était faux."
    # Decided anew, it is another thing to tell.
    update(file, decided_on="2024-07-01")
    assert send("laureat", [file], officer)


def test_an_unknown_address_makes_a_letter_to_print(officer: User, mailoutbox: list[Any]) -> None:
    file = decided(contact_email="")
    (letter,) = send("laureat", [file], officer)
    assert (letter.printed, letter.address, mailoutbox) == (True, "", [])
    pole = PoleFactory(contact_email="pole@exemple.invalid", seat=CommuneFactory())
    (letter,) = send("laureat", [decided(contact_email="", pole=pole)], officer)
    assert letter.address == "pole@exemple.invalid"


def test_nothing_is_told_before_it_is_decided(officer: User) -> None:
    file = file_of(call_at())
    laureate(file, 1000)
    assert "rien ne part avant" in refused_rows("laureat", [file], officer)[file.pk]
    assert "où en est le dossier" in refused_rows("refuse", [decided()], officer).popitem()[1]
    older = Application.objects.filter(call__run_in_registry=False).order_by("pk").first()
    assert older is not None
    assert "antérieur au registre" in refused_rows("recu", [older], officer)[older.pk]


def test_a_refusal_says_why(officer: User) -> None:
    file = decided("refuse")
    assert refused_rows("refuse", [file], officer)[file.pk] == "Écrivez les motifs."
    (letter,) = send("refuse", [file], officer, reasons={file.pk: "Trop {tard}.\n\nPuis rien."})
    assert "Trop {tard}.\n\nPuis rien." in letter.body
    assert "tribunal administratif" in letter.body


def test_what_was_looked_at_is_what_leaves(officer: User) -> None:
    file = decided()
    (draft,) = drafts(
        "laureat", list(letter_files(Application.objects.filter(pk=file.pk))), officer
    )
    LetterTemplateFactory(call=file.call)
    rows = refused_rows("laureat", [file], officer, shown={file.pk: draft.digest})
    assert "a changé depuis l’aperçu" in rows[file.pk]
    (draft,) = drafts(
        "laureat", list(letter_files(Application.objects.filter(pk=file.pk))), officer
    )
    (letter,) = send("laureat", [file], officer, shown={file.pk: draft.digest})
    # The call's own text goes before the general one.
    assert letter.body == f"Bonjour {file.pole.name},\n\nau sujet de {file.call.name}.\nFin."


def test_only_officers_send(officer: User) -> None:
    with pytest.raises(LettersRefused) as caught:
        send("laureat", [decided()], UserFactory())
    assert "agent du ministère" in caught.value.general[0]
    assert not Letter.objects.exists()


def test_a_conclusion_is_told_since_it_is_so() -> None:
    file: Application = ApplicationFactory(
        call=call_at(), eligible=False, eligible_reason="Pas de lauréat possible."
    )
    for conclusion, day in ((True, 1), (False, 2), (False, 9)):
        row = ExaminationFactory(
            application=file, conclusion=conclusion, advised=conclusion, reason="Lu."
        )
        run(SILENTLY)
        update(row, recorded_at=datetime(2024, 5, day, 12, tzinfo=UTC))
        run(ALOUD)
    assert str(days_of("irrecevable", [file])[file.pk]) == "2024-05-02"
    assert days_of("recevable", [file])[file.pk] is None
    assert known_reasons("irrecevable", file) == "Pas de lauréat possible."


def test_a_reminder_is_sent_once_a_day_to_laureates(officer: User) -> None:
    file = decided()
    reasons = {file.pk: "Les chiffres de 2025."}
    send("relance", [file], officer, reasons=reasons)
    assert "dites pourquoi" in refused_rows("relance", [file], officer, reasons=reasons)[file.pk]
    update(file.call, state="clos")
    assert Call.objects.get(pk=file.call_id).state == "clos"
