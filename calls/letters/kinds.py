"""Which files each kind of letter is for, since when, and who was told already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from calls.models import (
    Application,
    CallState,
    Decision,
    Examination,
    ExaminationSubject,
    Letter,
    LetterKind,
)

_DECISIONS = (LetterKind.LAUREATE, LetterKind.SUPPORTED, LetterKind.REFUSED)
_TOLD = (CallState.DECIDED, CallState.CLOSED)
_BEFORE = (
    "Une décision ne se dit qu’une fois l’appel, ou sa vague, à l’étape "
    "«\u00a0décidé\u00a0»\u00a0: rien ne part avant."
)


def letter_files(files: QuerySet[Application]) -> QuerySet[Application]:
    """With all that a letter names."""
    return files.select_related(
        "call", "wave", "strand", "pole__seat", "beneficiary", "session"
    ).order_by("pole__normalised_name", "pk")


def too_early(kind: str, file: Application) -> str:
    """Why nothing of this kind leaves at the step of the file's call or wave; "" if it may."""
    if kind == LetterKind.REMINDER:
        return ""
    if not file.call.run_in_registry:
        return "Cet appel est antérieur au registre\u00a0: ses courriers ne se font pas ici."
    if file.step == CallState.PREPARING:
        return "L’appel est en préparation."
    return _BEFORE if kind in _DECISIONS and file.step not in _TOLD else ""


def is_of(kind: str, file: Application) -> bool:
    """Whether the file is as the letter says; ``calls/sql/letters.sql`` says the same."""
    if kind == LetterKind.RECEIVED:
        return file.received_on is not None
    if kind == LetterKind.ADMISSIBLE:
        return bool(file.admissible and file.eligible)
    if kind == LetterKind.NOT_ADMISSIBLE:
        return file.admissible is False or file.eligible is False
    if kind == LetterKind.REMINDER:
        return file.decision in (Decision.LAUREATE, Decision.SUPPORTED)
    return file.decision == kind


def days_of(kind: str, files: Iterable[Application]) -> dict[int, date | None]:
    """The day of what the letter tells: what did not change since is not told again."""
    files = list(files)
    if kind == LetterKind.RECEIVED:
        return {file.pk: file.received_on for file in files}
    if kind in _DECISIONS:
        return {file.pk: file.decided_on for file in files}
    if kind == LetterKind.REMINDER:
        return {file.pk: timezone.localdate() for file in files}
    since, yes = _concluded_since(files), kind == LetterKind.ADMISSIBLE
    return {
        file.pk: max(
            (
                since[file.pk, subject]
                for subject, concluded in (
                    (ExaminationSubject.ADMISSIBILITY, file.admissible),
                    (ExaminationSubject.ELIGIBILITY, file.eligible),
                )
                if concluded is yes and (file.pk, subject) in since
            ),
            default=None,
        )
        for file in files
    }


def _concluded_since(files: Sequence[Application]) -> dict[tuple[int, str], date]:
    """Since when each subject has its last conclusion; one statement."""
    found: dict[tuple[int, str], tuple[bool, date]] = {}
    examinations = Examination.objects.filter(application__in=[file.pk for file in files])
    for each in examinations.order_by("recorded_at", "pk"):
        key = (each.application_id, each.subject)
        if key not in found or found[key][0] != each.conclusion:
            found[key] = (each.conclusion, timezone.localdate(each.recorded_at))
    return {key: day for key, (_, day) in found.items()}


def known_reasons(kind: str, file: Application) -> str:
    """What the officers wrote of why, for whoever sends the letter to complete."""
    if kind not in (LetterKind.NOT_ADMISSIBLE, LetterKind.REFUSED):
        return ""
    concluded = (
        (file.admissible, file.admissible_reason),
        (file.eligible, file.eligible_reason),
    )
    return "\n\n".join(reason for conclusion, reason in concluded if conclusion is False and reason)


def letters_of(files: Iterable[Application]) -> dict[tuple[str, int], list[Letter]]:
    """By kind and file, the latest first; one statement."""
    letters: dict[tuple[str, int], list[Letter]] = defaultdict(list)
    found = Letter.objects.filter(application__in=[file.pk for file in files])
    for letter in found.order_by("-sent_at", "-pk"):
        letters[letter.kind, letter.application_id].append(letter)
    return letters


def told_already(
    kind: str,
    files: Sequence[Application],
    letters: Mapping[tuple[str, int], Sequence[Letter]],
) -> set[int]:
    """The files that were told what a letter of this kind says today; at most one statement."""
    days = days_of(kind, files)
    return {
        file.pk
        for file in files
        if any(each.about_on == days[file.pk] for each in letters.get((kind, file.pk), ()))
    }
