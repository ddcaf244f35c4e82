"""What the registry keeps of persons: where, why, by what right, how long, and what forgets it.

The one table: the night forgets by it (``manage.py forget``), the public reads it on
/donnees-personnelles/, and a test looks in it for every column that can name somebody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import models

from calls import forgetting as of_calls
from core import mail, sendings
from core.admin.exchange import waiting
from networks import access, forgetting, notices
from poles import alerts, drafts, proposal_mails, reports
from poles import forgetting as of_poles

_MONTH = timedelta(days=30)


class Basis(models.TextChoices):
    MISSION = "mission", "mission d’intérêt public (RGPD, article 6, 1, e)"
    CONSENT = "accord", "accord de la personne (RGPD, article 6, 1, a)"
    ARCHIVES = "archives", "obligation légale\u00a0: archives publiques (code du patrimoine)"


@dataclass(frozen=True)
class Kept:
    """``where``: models or their fields, ``networks.User`` or ``poles.Report.author_name``.

    ``forgets``: what the night runs, each of which returns how many rows it forgot; none where
    something else ends it, as ``until`` says. ``in_history``: the history keeps it too; without
    that it keeps, of a person, the number of an account alone.
    """

    slug: str
    what: str
    where: tuple[str, ...]
    why: str
    basis: Basis
    until: str
    forgets: tuple[Callable[[], int], ...] = ()
    in_history: bool = False


def lasting(kept: timedelta) -> str:
    """« deux jours », « 12 heures », « 12 mois »."""
    if kept < timedelta(days=1):
        return f"{kept // timedelta(hours=1)} heures"
    if kept >= 3 * _MONTH:
        return f"{round(kept / timedelta(days=365.25 / 12))} mois"
    return f"{kept.days} jours"


_WITH_THE_ACCOUNT = (
    "Jusqu’au départ\u00a0: effacé avec le compte, par la personne elle-même ou un administrateur"
)
_SESSION = timedelta(seconds=settings.SESSION_COOKIE_AGE)

TABLE = (
    Kept(
        "comptes",
        "Adresse, nom, rôle et mot de passe haché d’un compte, adresses à confirmer",
        (
            *("networks.User.email", "networks.User.full_name"),
            *("account.EmailAddress", "account.EmailConfirmation"),
        ),
        "Se connecter, et dire aux collègues qui a modifié une fiche",
        Basis.MISSION,
        _WITH_THE_ACCOUNT,
    ),
    Kept(
        "facteurs",
        "Second facteur chiffré, lien avec ProConnect",
        (
            *("mfa.Authenticator", "socialaccount.SocialAccount"),
            *("socialaccount.SocialToken", "networks.FactorReset.user"),
        ),
        "Protéger les comptes",
        Basis.MISSION,
        _WITH_THE_ACCOUNT,
    ),
    Kept(
        "places",
        "Places dans les réseaux, choix des courriels, filtres gardés",
        (
            *("networks.NetworkStaff.user", "networks.NoticePreference.user"),
            "core.SavedFilter.owner",
        ),
        "Savoir qui tient quelles fiches, et comment l’en prévenir",
        Basis.MISSION,
        _WITH_THE_ACCOUNT,
    ),
    Kept(
        "sessions",
        "Adresse IP et navigateur de chaque session ouverte, que la personne seule voit",
        ("usersessions.UserSession", "sessions.Session"),
        "Rester connecté, voir où son compte est ouvert et le fermer",
        Basis.MISSION,
        f"Jusqu’à la fin de la session, {lasting(_SESSION)} au plus",
        (forgetting.forget_expired_sessions, forgetting.forget_ended_sessions),
    ),
    Kept(
        "nouvelles",
        "Nouvelles envoyées à un compte",
        ("networks.Notice.user",),
        "Ne prévenir qu’une fois de la même chose",
        Basis.MISSION,
        f"{lasting(notices.REMEMBERED)} après l’envoi",
        (notices.forget_old_notices,),
    ),
    Kept(
        "brouillons",
        "Saisies non enregistrées",
        ("poles.Draft.user",),
        "Ne rien perdre de ce qui est en cours de saisie",
        Basis.MISSION,
        f"{lasting(timedelta(days=settings.DRAFT_DAYS))} après la dernière saisie",
        (drafts.forget_old_drafts,),
    ),
    Kept(
        "imports",
        "Fichiers importés, leur lecture et qui les a envoyés",
        ("poles.ImportRun.author",),
        "Reprendre et vérifier un import",
        Basis.MISSION,
        f"{lasting(of_poles.IMPORTS_KEPT)} après le dernier usage",
        (of_poles.forget_old_imports,),
    ),
    Kept(
        "fichiers-en-attente",
        "Fichier envoyé à l’administration, entre son aperçu et son import, et le numéro du compte",
        ("core.WaitingFile.account",),
        "Importer ce qui a été montré",
        Basis.MISSION,
        f"{lasting(waiting.KEPT)} après l’envoi",
        (waiting.forget_waiting_files,),
    ),
    Kept(
        "exports-plateforme",
        "Exports de la plateforme de dépôt, le temps de leur lecture, et qui les a envoyés",
        ("calls.PlatformImport.author",),
        "Vérifier un import avant de l’écrire",
        Basis.MISSION,
        f"{lasting(of_calls.EXPORTS_KEPT)} après le dernier usage",
        (of_calls.forget_old_exports,),
    ),
    Kept(
        "invitations",
        "Adresse d’une personne invitée, et qui l’invite",
        ("networks.Invitation.email", "networks.Invitation.invited_by"),
        "Ouvrir un compte",
        Basis.MISSION,
        f"{lasting(forgetting.INVITATIONS_KEPT)} après sa fin",
        (forgetting.forget_old_invitations,),
    ),
    Kept(
        "demandes-acces",
        "Adresse, nom et message de qui demande un accès",
        (
            *("networks.AccessRequest.email", "networks.AccessRequest.full_name"),
            "networks.AccessRequest.answered_by",
        ),
        "Répondre à la demande\u00a0; elle n’est lue que du ministère",
        Basis.MISSION,
        f"{lasting(access.KEPT)} après la demande",
        (access.forget_old_requests,),
    ),
    Kept(
        "alertes",
        "Adresse de qui suit le registre par courriel",
        ("poles.Alert.email",),
        "Envoyer l’alerte demandée",
        Basis.CONSENT,
        "Jusqu’à l’arrêt de l’alerte, d’un clic\u00a0; sans confirmation, "
        f"{alerts.CONFIRM_DAYS} jours",
        (alerts.forget_unconfirmed,),
    ),
    Kept(
        "corrections",
        "Adresse laissée avec une correction",
        ("poles.Proposal.author_email",),
        "Dire ce qui est advenu de la correction",
        Basis.CONSENT,
        f"{lasting(proposal_mails.KEPT)} après l’envoi\u00a0; jamais dans l’historique",
        (proposal_mails.forget_addresses,),
    ),
    Kept(
        "signalements",
        "Nom et adresse laissés avec un signalement",
        ("poles.Report.author_name", "poles.Report.author_email"),
        "Dire ce qui est advenu du signalement",
        Basis.CONSENT,
        f"{lasting(reports.KEPT)} après l’envoi\u00a0; jamais dans l’historique",
        (reports.forget_authors,),
    ),
    Kept(
        "courriels",
        "Copie de chaque courriel envoyé",
        ("django_tasks_database.DBTaskResult",),
        "Refaire un envoi manqué",
        Basis.MISSION,
        f"{lasting(mail.KEPT)} après l’envoi",
        (mail.forget_old_mails,),
    ),
    Kept(
        "envois",
        "Compte des envois et des essais de chaque réseau (une empreinte, dont l’adresse IP ne se "
        "relit pas sans la clé du site)",
        ("core.Sending",),
        "Arrêter les envois en masse et les essais de mots de passe",
        Basis.MISSION,
        f"{lasting(sendings.KEPT)} pour les envois, le temps de la limite pour les essais",
        (sendings.forget_old_sendings, forgetting.forget_expired_cache),
    ),
    Kept(
        "contacts",
        "Nom de la personne à contacter d’un pôle",
        ("poles.Pole.contact_name",),
        "Joindre le pôle",
        Basis.CONSENT,
        "Jusqu’au retrait de l’accord, daté\u00a0; jamais dans l’historique",
    ),
    Kept(
        "adresses",
        "Adresse et téléphone fonctionnels des pôles et des réseaux",
        (
            *("poles.Pole.contact_email", "poles.Pole.contact_phone"),
            *("networks.Network.contact_email", "networks.Network.contact_phone"),
        ),
        "Joindre une organisation",
        Basis.MISSION,
        "Tant que la fiche les porte\u00a0; son historique garde les anciennes",
        in_history=True,
    ),
    Kept(
        "actes",
        "Qui a fait quoi\u00a0: commentaires, propositions, décisions, historique des fiches",
        (
            *("members.FactEvidence.stated_by", "poles.Comment.author", "poles.Comment.closed_by"),
            *("poles.Merge.by", "poles.Merge.undone_by", "poles.Pole.recognition_officer"),
            *("poles.Proposal.author", "poles.Proposal.decided_by", "poles.Report.decided_by"),
            *(
                "poles.RecognitionDecision.officer",
                "poles.RecordStep.by",
                "poles.VoiceLink.sent_by",
            ),
            *("networks.FactorReset.by", "admin.LogEntry"),
        ),
        "Répondre de ce qui est publié",
        Basis.MISSION,
        "Avec la fiche\u00a0; après un départ, il n’en reste que le numéro du compte et "
        "«\u00a0ancien agent du réseau…\u00a0»",
    ),
    Kept(
        "appels",
        "Dossiers des appels à projets\u00a0: adresse du dossier, courriers, avis, examens, "
        "attestations, sessions et évaluations, réponses au Parlement, et qui les a faits",
        (
            *("calls.Application.contact_email", "calls.Application.attested_by"),
            *("calls.Letter.address", "calls.Letter.recipient", "calls.Letter.officer"),
            "calls.Letter.body",
            *("calls.RegionalOpinion.author", "calls.Examination.officer"),
            *("calls.DecisionSession.officer", "calls.Evaluation.author"),
            "calls.ParliamentaryAnswer.asked_by",
        ),
        "Instruire, décider, suivre les aides et en répondre",
        Basis.ARCHIVES,
        "Archives publiques\u00a0: jamais effacés par le registre\u00a0; après un départ, il ne "
        "reste de l’agent que le numéro du compte, et son nom dans les courriers qu’il a signés "
        "(code des relations entre le public et l’administration, article L. 212-1)",
        in_history=True,
    ),
    Kept(
        "etudes",
        "Auteurs des publications citées",
        ("poles.Study.authors",),
        "Citer une publication",
        Basis.MISSION,
        "Tant que la publication est citée",
        in_history=True,
    ),
)

# Columns that look as if they named somebody, and do not; why.
NOT_PERSONAL = {
    "pghistory.MiddlewareEvents.user": "une vue de l’historique, sans colonne à elle",
    "poles.Pole.contact_consent_on": "la date d’un accord, sans le nom",
    "poles.Pole.address": "l’adresse d’une organisation",
    "socialaccount.SocialApp": "les services d’identification, non leurs usagers",
    "auth.Permission": "rien n’y est donné à une personne\u00a0: les droits viennent du rôle",
    "auth.Group": "le registre n’a pas de groupes",
}


def night_steps() -> dict[str, Callable[[], int]]:
    """What the night runs, by the name under which one runs it by hand."""
    return {
        kept.slug if len(kept.forgets) == 1 else f"{kept.slug}-{number}": forget
        for kept in TABLE
        for number, forget in enumerate(kept.forgets, start=1)
    }
