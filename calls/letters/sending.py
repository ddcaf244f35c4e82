"""Letters written, kept and mailed: all that were asked for in one transaction, or none."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from calls.letters.fields import paragraphs, values_of, written
from calls.letters.kinds import days_of, is_of, letter_files, letters_of, told_already, too_early
from calls.letters.pdf import letter_data, pdf_of
from calls.models import Application, Call, Letter, LetterTemplate
from calls.permissions import can_run_calls
from core.admin.refusals import refusal
from core.mail import Attachment, send_later
from networks.models import User

_AGAIN = "Ce courrier lui a déjà été envoyé\u00a0: dites pourquoi l’envoyer de nouveau."


@dataclass
class LettersRefused(Exception):  # noqa: N818
    """Nothing was sent; why, for all and by application."""

    general: list[str] = field(default_factory=list)
    rows: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A letter as it would leave today; ``problem``: why it may not, "" if it may.

    ``address``: "" for a letter that is printed.
    """

    file: Application
    kind: str
    about_on: date | None
    sender: str
    recipient: str
    address: str
    subject: str
    body: str
    problem: str

    @property
    def digest(self) -> str:
        """Of all that is sent: what was shown is what leaves."""
        told = repr((self.recipient, self.address, self.subject, self.body))
        return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()

    @property
    def recipient_lines(self) -> list[str]:
        return self.recipient.split("\n")

    @property
    def paragraphs(self) -> list[list[str]]:
        return paragraphs(self.body)


def address_of(file: Application) -> str:
    """That of the file, or else of its pole; "" if neither is known."""
    return file.contact_email or file.pole.contact_email


def sender_of(call: Call) -> str:
    return call.organiser or settings.PUBLISHER["name"] or "Registre national des PTCE"


def recipient_of(file: Application) -> list[str]:
    """The lines of a postal address, as far as it is known."""
    pole = file.pole
    lines = [file.beneficiary.name] if file.beneficiary else []
    lines += [pole.name] if pole.name not in lines else []
    lines += [pole.address] if pole.address else []
    if pole.seat is not None and pole.seat.name.casefold() not in pole.address.casefold():
        codes = pole.seat.postal_codes
        lines.append(f"{codes[0]} {pole.seat.name}" if len(codes) == 1 else pole.seat.name)
    return lines


def templates_of(kind: str, calls: Iterable[int]) -> dict[int | None, LetterTemplate]:
    """The texts of the kind by call, the general one under ``None``."""
    found = LetterTemplate.objects.filter(Q(call=None) | Q(call__in=set(calls)), kind=kind)
    return {each.call_id: each for each in found.order_by("pk")}


def drafts(
    kind: str,
    files: Sequence[Application],
    officer: User,
    reasons: Mapping[int, str] | None = None,
) -> list[Draft]:
    """One for each of ``files``, read by ``letter_files``; at most two statements."""
    templates = templates_of(kind, (file.call_id for file in files))
    days, today = days_of(kind, files), timezone.localdate()
    made = []
    for file in files:
        template = templates.get(file.call_id) or templates.get(None)
        reason = (reasons or {}).get(file.pk, "")
        made.append(draft_of(kind, file, template, officer, reason, days[file.pk], today))
    return made


def draft_of(
    kind: str,
    file: Application,
    template: LetterTemplate | None,
    officer: User,
    reason: str,
    about_on: date | None,
    today: date,
) -> Draft:
    """``file``: read by ``letter_files``; ``template`` need not be saved."""
    values = values_of(file, officer, reason, today)
    subject = written(template.subject if template else "", values)
    body = written(template.body if template else "", values)
    return Draft(
        file,
        kind,
        about_on,
        sender_of(file.call),
        "\n".join(recipient_of(file)),
        address_of(file),
        subject.text,
        body.text,
        too_early(kind, file) or _problem(kind, file, template, [*subject.missing, *body.missing]),
    )


def _problem(
    kind: str, file: Application, template: LetterTemplate | None, missing: Sequence[str]
) -> str:
    if not is_of(kind, file):
        return "Ce courrier ne dit pas où en est le dossier."
    if template is None:
        return "Aucun modèle n’est enregistré pour ce courrier."
    if "motifs" in missing:
        return "Écrivez les motifs."
    if missing:
        empty = ", ".join(f"{{{name}}}" for name in dict.fromkeys(missing))
        return f"Le dossier n’a rien à écrire à la place de\u00a0: {empty}."
    return ""


def send(
    kind: str,
    applications: Iterable[Application],
    officer: User,
    *,
    reasons: Mapping[int, str] | None = None,
    because: str = "",
    shown: Mapping[int, str] | None = None,
) -> list[Letter]:
    """Keeps a letter for each application, and mails it, or keeps it to be printed; all or none.

    ``reasons``: what the text says in the place of its field {motifs}, by application.
    ``because``: why the same letter is sent again. ``shown``: the digest of each draft that was
    looked at; what has changed since is refused. Raises LettersRefused.
    """
    allowed = can_run_calls(officer)
    if not allowed:
        raise LettersRefused([allowed.reason])
    chosen = {each.pk for each in applications}
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).filter(pk__in=chosen)
        list(locked.order_by("pk").values_list("pk"))
        files = list(letter_files(Application.objects.filter(pk__in=chosen)))
        made = drafts(kind, files, officer, reasons)
        refused = LettersRefused()
        told = told_already(kind, files, letters_of(files))
        for draft in made:
            problem = draft.problem
            if draft.file.pk in told:
                problem = problem or ("" if because.strip() else _AGAIN)
            if shown is not None and shown.get(draft.file.pk) != draft.digest:
                problem = problem or "Ce courrier a changé depuis l’aperçu\u00a0: regardez-le."
            if problem:
                refused.rows[draft.file.pk] = problem
        if refused.rows:
            raise refused
        letters = [_kept(draft, officer, because, refused) for draft in made]
        if refused.rows:
            raise refused
        for letter in filter(None, letters):
            _mail(letter)
    return [letter for letter in letters if letter is not None]


def _kept(draft: Draft, officer: User, because: str, refused: LettersRefused) -> Letter | None:
    letter = Letter(
        application=draft.file,
        kind=draft.kind,
        about_on=draft.about_on,
        sender=draft.sender,
        recipient=draft.recipient,
        address=draft.address,
        printed=not draft.address,
        subject=draft.subject,
        body=draft.body,
        because=because.strip(),
        officer=officer,
    )
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except DatabaseError as error:
        message = refusal(error)
        if not message:
            raise
        refused.rows[draft.file.pk] = message
        return None
    return letter


def letter_pdf(letter: Letter) -> bytes:
    return pdf_of(
        "letter",
        letter_data(
            sender=letter.sender,
            recipient=letter.recipient.split("\n"),
            subject=letter.subject,
            body=letter.body,
            written_on=timezone.localdate(letter.sent_at),
        ),
    )


def draft_pdf(draft: Draft) -> bytes:
    return pdf_of(
        "letter",
        letter_data(
            sender=draft.sender,
            recipient=draft.recipient_lines,
            subject=draft.subject,
            body=draft.body,
            written_on=timezone.localdate(),
        ),
    )


def mail_text(body: str) -> str:
    """As ``send_later`` writes it."""
    known = {"paragraphs": paragraphs(body), "site_url": settings.SITE_URL}
    return render_to_string("mail/letter.txt", known)


def _mail(letter: Letter) -> None:
    if letter.printed:
        return
    send_later(
        to=[letter.address],
        subject=letter.subject,
        template="letter",
        context={"paragraphs": paragraphs(letter.body)},
        attachments=[Attachment("courrier.pdf", letter_pdf(letter), "application/pdf")],
    )
