"""Mails on the life of a record, to the accounts that it concerns, save the one that acted."""

from collections.abc import Iterable

from django.urls import reverse

from networks.models import User
from networks.notices import notify
from poles.concerned import publishers_of
from poles.models import Comment, Pole, Proposal, RecordState, RecordStep


def tell_of_submission(pole: Pole, by: User, words: str) -> None:
    _tell(
        publishers_of(pole),
        by,
        f"{pole.name}\u00a0: une fiche attend sa publication",
        _last_step(pole),
        pole,
        [
            f"{by} a terminé la fiche du pôle «\u00a0{pole.name}\u00a0» et vous la soumet.",
            "Relisez-la, puis publiez-la, ou renvoyez-la en brouillon en disant ce qui manque.",
        ],
        words,
    )


def tell_of_publication(pole: Pole, by: User, submission: RecordStep | None) -> None:
    _tell(
        _author(submission),
        by,
        f"{pole.name}\u00a0: la fiche est publiée",
        _last_step(pole),
        pole,
        [
            f"La fiche du pôle «\u00a0{pole.name}\u00a0», que vous aviez soumise, est publiée.",
            "Tout le monde la voit dans le registre.",
        ],
    )


def tell_of_refusal(pole: Pole, by: User, submission: RecordStep | None, reason: str) -> None:
    _tell(
        _author(submission),
        by,
        f"{pole.name}\u00a0: la fiche est à reprendre",
        _last_step(pole),
        pole,
        [
            f"La fiche du pôle «\u00a0{pole.name}\u00a0», que vous aviez soumise, est à reprendre.",
            f"{by} vous la renvoie pour ce motif\u00a0:",
        ],
        reason,
    )


def tell_of_archiving(pole: Pole, by: User, reason: str) -> None:
    _tell(
        publishers_of(pole),
        by,
        f"{pole.name}\u00a0: la fiche est archivée",
        _last_step(pole),
        pole,
        [
            f"Le ministère a archivé la fiche du pôle «\u00a0{pole.name}\u00a0».",
            "Son adresse dit désormais pourquoi\u00a0:",
        ],
        reason,
    )


def tell_of_merge(kept: Pole, merged: Pole, by: User, reason: str) -> None:
    """To those who answer for either record."""
    concerned = {user.pk: user for pole in (kept, merged) for user in publishers_of(pole)}
    _tell(
        concerned.values(),
        by,
        f"{kept.name}\u00a0: son double y est réuni",
        _last_step(merged),
        kept,
        [
            f"{by} a réuni «\u00a0{merged.name}\u00a0», qui en était le double, à cette fiche.",
            "Rien n’est perdu, et la fusion peut s’annuler. Son motif\u00a0:",
        ],
        reason,
    )


def tell_of_proposal(proposal: Proposal) -> None:
    """To those who answer it; later additions of its author are read with it."""
    subject = proposal.subject
    who = str(proposal.author or proposal.get_origin_display())
    _notify(
        publishers_of(subject),
        proposal.author,
        f"{subject.name}\u00a0: une correction est proposée",
        f"proposition/{proposal.pk}",
        _proposal_path(proposal),
        [
            f"Correction de la fiche «\u00a0{subject.name}\u00a0», proposée par {who}.",
            "Acceptez ou refusez chaque changement\u00a0: l’auteur sera prévenu.",
        ],
        proposal.message,
    )


def tell_of_answer(proposal: Proposal) -> None:
    """To its author, where it is an account."""
    if proposal.author is None:
        return
    subject = proposal.subject
    _notify(
        [proposal.author],
        proposal.decided_by,
        f"{subject.name}\u00a0: votre proposition est {proposal.get_state_display()}",
        f"reponse/{proposal.pk}",
        _proposal_path(proposal),
        [
            f"Votre proposition pour la fiche «\u00a0{subject.name}\u00a0» a reçu sa réponse.",
            f"Elle est {proposal.get_state_display()}.",
        ],
        proposal.reason,
    )


def tell_of_comment(comment: Comment, by: User, section: str) -> None:
    """To those who publish the record, who submitted it, and who comment the same section."""
    pole = comment.pole
    _notify(
        [*publishers_of(pole), *_submitter(pole), *_commentators(comment)],
        by,
        f"{pole.name}\u00a0: un commentaire sur «\u00a0{section}\u00a0»",
        f"commentaire/{comment.pk}",
        _section_path(comment),
        [f"{by} commente la partie «\u00a0{section}\u00a0» de la fiche «\u00a0{pole.name}\u00a0»."],
        comment.text,
    )


def tell_of_closing(comment: Comment, by: User, section: str) -> None:
    pole = comment.pole
    _notify(
        [comment.author] if comment.author else [],
        by,
        f"{pole.name}\u00a0: votre commentaire sur «\u00a0{section}\u00a0» est réglé",
        f"commentaire-regle/{comment.pk}",
        _section_path(comment),
        [f"{by} a réglé votre commentaire sur la fiche «\u00a0{pole.name}\u00a0»."],
        comment.answer,
    )


def _submitter(pole: Pole) -> list[User]:
    step = pole.record_steps.filter(after=RecordState.SUBMITTED).select_related("by").first()
    return _author(step)


def _commentators(comment: Comment) -> list[User]:
    others = Comment.objects.filter(
        pole=comment.pole, section=comment.section, author__isnull=False
    ).select_related("author")
    return [each.author for each in others if each.author is not None]


def _section_path(comment: Comment) -> str:
    page = reverse("workspace:section", args=[comment.pole_id, comment.section])
    return f"{page}#commentaires"


def _proposal_path(proposal: Proposal) -> str:
    return reverse("workspace:proposal", args=[proposal.pk])


def _tell(
    users: Iterable[User],
    by: User,
    subject: str,
    about: str,
    pole: Pole,
    sentences: list[str],
    quoted: str = "",
) -> None:
    path = reverse("workspace:pole", args=[pole.pk])
    _notify(users, by, subject, about, path, sentences, quoted)


def _notify(
    users: Iterable[User],
    by: User | None,
    subject: str,
    about: str,
    path: str,
    sentences: list[str],
    quoted: str = "",
) -> None:
    notify(
        [user for user in users if by is None or user.pk != by.pk],
        about=about,
        subject=subject,
        path=path,
        template="notice",
        context={"sentences": sentences, "quoted": quoted.strip()},
    )


def _author(submission: RecordStep | None) -> list[User]:
    return [submission.by] if submission is not None and submission.by is not None else []


def _last_step(pole: Pole) -> str:
    step = pole.record_steps.first()
    return f"etape/{step.pk if step else 0}"
