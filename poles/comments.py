"""Comments on a section of a record, between those who keep it; each concerned is told once."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from networks.models import User
from poles.models import Comment, Pole
from poles.record import SECTIONS
from poles.record_notices import tell_of_closing, tell_of_comment

LONGEST = 2000


def comment(pole: Pole, section: str, text: str, *, by: User) -> Comment:
    """Raises ValidationError for no words, too many, or a section that does not exist."""
    words = _words(text)
    if not words:
        raise ValidationError("Écrivez votre commentaire.")
    if section not in SECTIONS:
        raise ValidationError("Cette partie de la fiche n’existe pas.")
    with transaction.atomic():
        made = Comment.objects.create(pole=pole, section=section, text=words, author=by)
        tell_of_comment(made, by, SECTIONS[section].title)
    return made


def close(found: Comment, answer: str, *, by: User) -> Comment:
    """Settles the comment. Raises ValidationError if someone did already."""
    words = _words(answer)
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if locked.closed_at is not None:
            raise ValidationError("Ce commentaire est déjà réglé.")
        locked.closed_at = timezone.now()
        locked.closed_by = by
        locked.answer = words
        locked.save()
        tell_of_closing(locked, by, SECTIONS[locked.section].title)
    return locked


def _words(text: str) -> str:
    words = text.strip().replace("\r\n", "\n")
    if len(words) > LONGEST:
        raise ValidationError(
            f"Un commentaire compte {LONGEST} caractères au plus\u00a0: le vôtre en a {len(words)}."
        )
    return words
