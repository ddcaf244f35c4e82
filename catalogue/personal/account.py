"""All that the registry holds of an account, as tables that the person reads in a spreadsheet."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from pghistory.models import Context

from core.sheets import Column, OutTable
from networks.models import NetworkStaff, Notice, User
from networks.notices import choices_of

_VERBS = {"insert": "création", "update": "modification", "delete": "suppression"}
# Told in a sheet of their own, or never given: what opens an account.
_APART = {NetworkStaff, Notice, UserSession, EmailAddress, Authenticator, SocialAccount, LogEntry}
_LONGEST = 200


def tables_of(person: User) -> list[OutTable]:
    """What is kept, what the person wrote and decided, and each act in the history.

    Made for a file, not for a page: some statements a table of the registry.
    """
    return [
        OutTable("Compte", [Column("Donnée", 34), Column("Valeur", 60)], list(_account(person))),
        OutTable(
            "Sessions",
            [
                Column("Adresse IP"),
                Column("Navigateur", 70),
                Column("Ouverte le"),
                Column("Vue le"),
            ],
            [
                (each.ip, each.user_agent, moment(each.created_at), moment(each.last_seen_at))
                for each in UserSession.objects.filter(user=person).order_by("pk")
            ],
        ),
        OutTable(
            "Nouvelles",
            [Column("Sujet", 70), Column("Page", 40), Column("Écrite le"), Column("Envoyée le")],
            [
                (each.subject, each.path, moment(each.created_at), moment(each.sent_at))
                for each in Notice.objects.filter(user=person).order_by("pk")
            ],
        ),
        OutTable(
            "Écrits et décisions",
            [
                Column("Nature", 26),
                Column("À quel titre", 22),
                Column("Objet", 50),
                Column("Date"),
                Column("Texte", 80),
            ],
            list(_written(person)),
        ),
        OutTable(
            "Historique",
            [
                Column("Date"),
                Column("Acte", 16),
                Column("Nature", 26),
                Column("Objet", 60),
                Column("Pourquoi", 50),
            ],
            _acts(person),
        ),
    ]


def moment(at: datetime | None) -> str:
    """« 26/11/2026 08:15 », in Paris; "" without one."""
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}" if at else ""


def _account(person: User) -> Iterator[tuple[str, Any]]:
    yield "Numéro du compte", person.pk
    yield "Adresse électronique", person.email
    for address in EmailAddress.objects.filter(user=person).order_by("pk"):
        known = "confirmée" if address.verified else "non confirmée"
        yield f"Adresse de connexion, {known}", address.email
    yield "Nom", person.full_name
    yield "Rôle", person.get_role_display()
    yield "Actif", person.is_active
    yield "Créé le", moment(person.date_joined)
    yield "Dernière connexion", moment(person.last_login)
    yield "Mot de passe", "une empreinte, dont il ne se relit pas"
    for factor in Authenticator.objects.filter(user=person).order_by("pk"):
        yield f"Second facteur ({factor.get_type_display()})", moment(factor.created_at)
    for linked in SocialAccount.objects.filter(user=person).order_by("pk"):
        yield "ProConnect", json.dumps(linked.extra_data, ensure_ascii=False)
    yield "Courriels", choices_of([person.pk])[person.pk]
    places = NetworkStaff.objects.filter(user=person).select_related("network").order_by("pk")
    for place in places:
        yield f"Réseau, {place.get_role_display()}", str(place.network)
    for line in LogEntry.objects.filter(user=person).order_by("pk"):
        yield f"Administration, {moment(line.action_time)}", f"{line.object_repr}\u00a0: {line}"


def _written(person: User) -> Iterator[tuple[str, str, str, str, str]]:
    """Every row of every table that names the account: a new table is in it by itself."""
    for link in User._meta.get_fields(include_hidden=True):
        model: Any = link.related_model
        if link.concrete or not (link.one_to_many or link.one_to_one) or model in _APART:
            continue
        if model._meta.app_label == "pghistory" or hasattr(model, "pgh_tracked_model"):
            continue
        column = link.field  # type: ignore[union-attr]
        rows = _named(model).filter(**{column.name: person}).order_by("pk")
        for row in rows:
            yield (
                capfirst(str(model._meta.verbose_name)),
                str(column.verbose_name),
                str(row)[:_LONGEST],
                _day_of(row),
                _texts_of(row),
            )


def _named(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows with what their names are made of."""
    near = [f for f in model._meta.concrete_fields if f.many_to_one or f.one_to_one]
    far = [
        f"{link.name}__{f.name}"
        for link in near
        if not link.null
        for f in link.related_model._meta.concrete_fields  # type: ignore[union-attr]
        if (f.many_to_one or f.one_to_one) and not f.null
    ]
    links = [*(f.name for f in near), *far]
    rows = model._base_manager.all()
    return rows.select_related(*links) if links else rows


def _day_of(row: models.Model) -> str:
    """The first moment, else the first day, that the row tells of."""
    dates = [f for f in row._meta.concrete_fields if isinstance(f, models.DateField)]
    for column in sorted(dates, key=lambda f: not isinstance(f, models.DateTimeField)):
        found = getattr(row, column.attname)
        if isinstance(found, datetime):
            return moment(found)
        if isinstance(found, date):
            return f"{found:%d/%m/%Y}"
    return ""


def _texts_of(row: models.Model) -> str:
    """The words of the row, those of a draft included."""
    said = []
    for column in row._meta.concrete_fields:
        found = getattr(row, column.attname)
        if isinstance(column, models.TextField) and found:
            said.append(f"{capfirst(str(column.verbose_name))}\u00a0: {found}")
        elif isinstance(column, models.JSONField) and column.name in {"data", "changes"} and found:
            words = json.dumps(found, ensure_ascii=False)
            said.append(f"{capfirst(str(column.verbose_name))}\u00a0: {words}")
    return "\n".join(said)


def _acts(person: User) -> list[tuple[str, str, str, str, str]]:
    """What the history says that the account did, the latest first."""
    contexts = dict(
        Context.objects.filter(metadata__user=person.pk).values_list("pk", "metadata__why")
    )
    found: list[tuple[datetime, str, type[models.Model], Any, Any]] = []
    for events in apps.get_models():
        if not hasattr(events, "pgh_tracked_model"):
            continue
        manager: Any = events._default_manager
        rows = manager.filter(pgh_context__metadata__user=person.pk).order_by()
        found += [
            (at, label, events.pgh_tracked_model, pk, contexts.get(context) or "")
            for at, label, pk, context in rows.values_list(
                "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id"
            )
        ]
    names = _names((model, pk) for _, _, model, pk, _ in found)
    found.sort(key=lambda each: (each[0], each[2]._meta.label, str(each[3])), reverse=True)
    return [
        (
            moment(at),
            _VERBS.get(label, label),
            capfirst(str(model._meta.verbose_name)),
            names.get((model, pk), f"n°\u00a0{pk}, effacé depuis"),
            why,
        )
        for at, label, model, pk, why in found
    ]


def _names(wanted: Iterable[tuple[type[models.Model], Any]]) -> dict[tuple, str]:
    by_model: dict[type[models.Model], set[Any]] = defaultdict(set)
    for model, pk in wanted:
        by_model[model].add(pk)
    return {
        (model, row.pk): str(row)[:_LONGEST]
        for model, pks in by_model.items()
        for row in _named(model).filter(pk__in=pks).order_by("pk")
    }
