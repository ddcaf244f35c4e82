"""What the registry holds under an e-mail address or a name, and its erasing in one act.

Files of calls are public archives: they are told of, and stay. What was done stays too, without
the address or the name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from calls.models import Application, Evaluation, Letter
from catalogue.personal.account import moment, tables_of
from core.mail import forget_mails
from core.sheets import Column, OutTable
from core.tasks import send_mail
from networks.models import AccessRequest, Invitation, Network, User
from networks.permissions import can_answer_persons, can_take_data_of
from poles.models import Alert, Draft, Pole, Proposal, Report

_FILES = "Dossier d’appel à projets\u00a0: archive publique"
_RECORD = "Coordonnée d’une organisation\u00a0: se change sur sa fiche"
_ACCOUNT = "Compte\u00a0: s’efface depuis sa propre page, par son titulaire ou un administrateur"
_REASON = "Demande de la personne"


@dataclass(frozen=True)
class Held:
    """A row that names the person; ``stays``: why erasing leaves it, "" if it does not."""

    what: str
    name: str
    on: str
    said: str
    stays: str = ""
    url: str = ""


def held_under(words: str) -> list[Held]:
    """By an exact address, or an exact name; whatever the case. Some fifteen statements."""
    words = words.strip()
    if not words:
        return []
    found = [
        *(
            Held("Alerte par courriel", str(row.subject), moment(row.asked_at), row.email)
            for row in _alerts(words).select_related("region", "theme", "pole")
        ),
        *(
            Held("Correction", str(row), moment(row.created_at), row.author_email)
            for row in _proposals(words).select_related("pole", "organisation")
        ),
        *(
            Held(
                "Signalement",
                row.name,
                moment(row.created_at),
                " ".join(filter(None, [row.author_name, row.author_email])),
            )
            for row in _reports(words)
        ),
        *(
            Held(
                "Demande d’accès", str(row), moment(row.created_at), f"{row.full_name} {row.email}"
            )
            for row in _requests(words)
        ),
        *(
            Held("Invitation", f"n°\u00a0{row.pk}", moment(row.created_at), row.email)
            for row in _invitations(words)
        ),
        *(
            Held(
                "Personne à contacter d’un pôle",
                row.name,
                f"{row.contact_consent_on:%d/%m/%Y}" if row.contact_consent_on else "",
                row.contact_name,
            )
            for row in _contacts(words)
        ),
        *(
            Held("Personne à contacter, proposée", str(row), moment(row.created_at), words)
            for row in _proposed(words).select_related("pole", "organisation")
        ),
        *(
            Held("Saisie non enregistrée", str(row.pole or "nouveau pôle"), "", words)
            for row in _typed(words).select_related("pole")
        ),
    ]
    mails = _mails(words).count()
    if mails:
        found.append(Held("Copies de courriels", f"{mails} en attente ou envoyées", "", words))
    return found + _what_stays(words)


def _what_stays(words: str) -> list[Held]:
    files = Application.objects.filter(contact_email__iexact=words).select_related("pole", "call")
    letters = Letter.objects.filter(address__iexact=words).select_related(
        "application__pole", "application__call"
    )
    evaluations = Evaluation.objects.filter(author__iexact=words).select_related(
        "application__pole", "application__call"
    )
    change = "admin:calls_application_change"
    return [
        *(
            Held("Compte", str(row), moment(row.date_joined), row.email, _ACCOUNT)
            for row in accounts(words)
        ),
        *(
            Held(
                "Fiche d’un pôle",
                row.name,
                "",
                row.contact_email,
                _RECORD,
                reverse("workspace:section", args=[row.pk, "contact"]),
            )
            for row in Pole.objects.filter(contact_email__iexact=words).order_by("pk")
        ),
        *(
            Held("Réseau", row.name, "", row.contact_email, _RECORD)
            for row in Network.objects.filter(contact_email__iexact=words).order_by("pk")
        ),
        *(
            Held(
                "Candidature",
                str(row),
                "",
                row.contact_email,
                _FILES,
                reverse(change, args=[row.pk]),
            )
            for row in files.order_by("pk")
        ),
        *(
            Held(
                "Courrier",
                str(row),
                moment(row.sent_at),
                row.address,
                _FILES,
                reverse(change, args=[row.application_id]),
            )
            for row in letters.order_by("pk")
        ),
        *(
            Held(
                "Évaluation",
                f"{row.application}, {row}",
                "",
                row.author,
                _FILES,
                reverse(change, args=[row.application_id]),
            )
            for row in evaluations.order_by("pk")
        ),
    ]


def accounts(words: str) -> models.QuerySet[User]:
    return User.objects.filter(
        Q(email__iexact=words) | Q(emailaddress__email__iexact=words) | Q(full_name__iexact=words),
        erased_at=None,
    ).distinct()


def tables_under(words: str, *, by: User) -> list[OutTable]:
    """For the person: the rows, then the account of that address, for who may take its data."""
    columns = [
        Column("Nature", 28),
        Column("Objet", 60),
        Column("Date"),
        Column("Ce qui vous nomme", 40),
        Column("À l’effacement", 60),
    ]
    rows = [
        (each.what, each.name, each.on, each.said, each.stays or "effacé")
        for each in held_under(words)
    ]
    tables = [OutTable("Ce que le registre garde", columns, rows)]
    for person in accounts(words.strip()).order_by("pk"):
        if "@" in words and can_take_data_of(by, person):
            tables += tables_of(person)
            break
    return tables


def erase_under(words: str, *, by: User, reason: str = "") -> int:
    """Erases all that does not stay, in one transaction; how many rows.

    Raises PermissionDenied.
    """
    allowed = can_answer_persons(by)
    if not allowed:
        raise PermissionDenied(allowed.reason)
    words = words.strip()
    if not words:
        return 0
    why = reason.strip() or _REASON
    with transaction.atomic(), pghistory.context(user=by.pk, why=why):
        erased = 0
        # Poles first, by number, as everywhere: each is its own lock.
        locked = Pole.objects.select_for_update(of=("self",)).filter(
            pk__in=_contacts(words).values("pk")
        )
        poles = list(locked.order_by("pk").values_list("pk", flat=True))
        erased += Pole.objects.filter(pk__in=poles).update(contact_name="", contact_consent_on=None)
        erased += _proposals(words).update(author_email="")
        erased += sum(map(_unname, _proposed(words).select_for_update(of=("self",))))
        erased += sum(map(_untype, _typed(words).select_for_update(of=("self",))))
        erased += _reports(words).update(author_email="", author_name="")
        deleted: tuple[Callable[[str], models.QuerySet[Any]], ...] = (
            _alerts,
            _requests,
            _invitations,
        )
        for rows in deleted:
            erased += rows(words).delete()[0]
        if "@" in words:
            erased += forget_mails(words)
    return erased


def _alerts(words: str) -> models.QuerySet[Alert]:
    return Alert.objects.filter(email__iexact=words).order_by("pk")


def _proposals(words: str) -> models.QuerySet[Proposal]:
    return Proposal.objects.filter(author_email__iexact=words).order_by("pk")


def _reports(words: str) -> models.QuerySet[Report]:
    return Report.objects.filter(
        Q(author_email__iexact=words) | Q(author_name__iexact=words)
    ).order_by("pk")


def _requests(words: str) -> models.QuerySet[AccessRequest]:
    return AccessRequest.objects.filter(
        Q(email__iexact=words) | Q(full_name__iexact=words)
    ).order_by("pk")


def _invitations(words: str) -> models.QuerySet[Invitation]:
    return Invitation.objects.filter(email__iexact=words).order_by("pk")


def _contacts(words: str) -> models.QuerySet[Pole]:
    """By the name, or by an address of the pole beside which a name stands."""
    named = Q(contact_name__iexact=words) | Q(contact_email__iexact=words)
    return Pole.objects.filter(named).exclude(contact_name="").order_by("pk")


def _proposed(words: str) -> models.QuerySet[Proposal]:
    """Those that would name the person on a record, or take them off it."""
    named = Q(changes__contact_name__before__iexact=words)
    return Proposal.objects.filter(named | Q(changes__contact_name__after__iexact=words)).order_by(
        "pk"
    )


def _unname(proposal: Proposal) -> int:
    proposal.changes = {**proposal.changes, "contact_name": {"before": "", "after": ""}}
    proposal.save(update_fields=["changes"])
    return 1


def _typed(words: str) -> models.QuerySet[Draft]:
    named = Q(data__contact_name__0__iexact=words) | Q(base__contact_name__iexact=words)
    return Draft.objects.filter(named).order_by("pk")


def _untype(draft: Draft) -> int:
    draft.data = {**draft.data, "contact_name": [""]}
    if "contact_name" in draft.base:
        draft.base = {**draft.base, "contact_name": ""}
    draft.save(update_fields=["data", "base"])
    return 1


def _mails(words: str) -> models.QuerySet[DBTaskResult]:
    kept = DBTaskResult.objects.filter(task_path=send_mail.module_path)
    return kept.filter(args_kwargs__args__0__iexact=words)
