"""What becomes of each row that names a record, once that record is merged into another.

By the label of the relation, so that nothing here imports the rooms above; a test holds that every
relation to a pole or to an organisation is in its table.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import models

from poles.merging.steps import Row, Step, delete, read, update


@dataclass(frozen=True)
class Rule:
    """``one`` and ``many``: what the rows are called; empty for what nobody is told of.

    ``same``: columns that tell rows of the two records for the same: that of the kept one stands,
    and the other stays with the record that it was of, or goes with it. ``clash``: the two are not
    to be merged then, and why. ``only``: the values of the rows that follow. ``name``: the column
    that names a row.
    """

    one: str = ""
    many: str = ""
    same: tuple[str, ...] = ()
    clash: str = ""
    only: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    stays: bool = False
    special: bool = False


# Written with the record, for it and of its own time, or derived by the database.
_STAYS = Rule(stays=True)
_TWO_PROPOSALS = (
    "La même personne a une correction en attente sur l’une et sur l’autre\u00a0: répondez d’abord "
    "à l’une des deux."
)

OF_POLES = {
    "poles.Membership.pole": Rule("participation", "participations", special=True),
    "poles.PoleTheme.pole": Rule("thème", "thèmes", ("theme_id",), name="theme_id"),
    "poles.PoleCoverage.pole": Rule(
        "territoire d’action", "territoires d’action", ("territory_id",), name="territory_id"
    ),
    "poles.PoleNetwork.pole": Rule(
        "réseau qui l’accompagne", "réseaux qui l’accompagnent", ("network_id",), name="network_id"
    ),
    "poles.PoleSource.pole": Rule("source", "sources", ("url",), name="url"),
    "poles.PoleProject.pole": Rule("projet", "projets", ("title",), name="title"),
    "poles.PoleFigures.pole": Rule(
        "année de chiffres", "années de chiffres", ("year",), name="year"
    ),
    "poles.PoleFormerSlug.pole": Rule("ancienne adresse", "anciennes adresses", name="slug"),
    "poles.Study_poles.pole": Rule("étude", "études", ("study_id",)),
    "poles.Proposal.pole": Rule(
        "correction en attente",
        "corrections en attente",
        ("author_id",),
        clash=_TWO_PROPOSALS,
        only={"state": "attente"},
    ),
    "poles.Comment.pole": Rule("commentaire", "commentaires"),
    "poles.Draft.pole": Rule("saisie non enregistrée", "saisies non enregistrées", stays=True),
    "poles.Alert.pole": Rule("alerte par courriel", "alertes par courriel", ("email",)),
    "poles.Report.pole": Rule("signalement", "signalements"),
    "poles.Pole.merged_into": Rule("fiche déjà réunie", "fiches déjà réunies", name="name"),
    "poles.RecordStep.pole": _STAYS,
    "poles.RecognitionDecision.pole": _STAYS,
    "poles.VoiceLink.pole": _STAYS,
    "poles.Merge.pole": _STAYS,
    "poles.Merge.merged_pole": _STAYS,
    "calls.Application.pole": Rule(
        "candidature",
        "candidatures",
        ("call_id", "wave_id", "strand_id"),
        clash="Les deux ont une candidature dans la même vague et le même volet d’un appel\u00a0: "
        "le ministère doit d’abord dire laquelle est la bonne.",
    ),
    "catalogue.PoleIndex.pole": _STAYS,
    "catalogue.PoleText.pole": _STAYS,
}

OF_ORGANISATIONS = {
    "poles.Membership.organisation": Rule("participation", "participations", special=True),
    "poles.Pole.legal_person": Rule("pôle dont elle est la personne morale", "pôles"),
    "poles.PoleProject_members.organisation": Rule(
        "projet où elle est engagée", "projets où elle est engagée", ("poleproject_id",)
    ),
    "poles.Proposal.organisation": Rule(
        "correction", "corrections", ("author_id", "state"), clash=_TWO_PROPOSALS
    ),
    "calls.Application.beneficiary": Rule(
        "candidature dont elle est bénéficiaire", "candidatures dont elle est bénéficiaire"
    ),
    "calls.NetworkPerson.organisation": Rule(
        "réseau dont elle est la personne morale", "réseaux dont elle est la personne morale"
    ),
    "members.FactEvidence.organisation": Rule("preuve", "preuves"),
    "members.OrganisationFormerSlug.organisation": Rule(
        "ancienne adresse", "anciennes adresses", name="slug"
    ),
    # It is compared with the State's register anew.
    "members.RegisterCheck.organisation": _STAYS,
}


@dataclass
class Followed:
    """``steps``: of what follows; ``moved`` and ``spare``: by relation; ``clashes``: why not."""

    steps: list[Step] = field(default_factory=list)
    moved: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    spare: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    clashes: list[str] = field(default_factory=list)


def relations_of(model: type[models.Model]) -> Iterator[str]:
    """The label of each relation to ``model``, those of the history apart."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete):
            continue
        if relation.many_to_many:
            continue
        other: Any = relation.related_model
        if not issubclass(other, pghistory.models.Event):
            yield f"{other._meta.label}.{relation.field.name}"  # type: ignore[union-attr]


def split(relation: str) -> tuple[str, str]:
    """The label of the model and the column."""
    label, _, name = relation.rpartition(".")
    column: Any = apps.get_model(label)._meta.get_field(name)
    return label, column.attname


def read_rows(
    rules: Mapping[str, Rule], numbers: tuple[int, int], *more: tuple[str, str, str]
) -> dict[str, list[Row]]:
    """The rows that name either record, by relation; ``more``: as `steps.read`. One statement."""
    return read([*((relation, *split(relation)) for relation in rules), *more], numbers)


def follow(
    rules: Mapping[str, Rule],
    rows: Mapping[str, list[Row]],
    kept: int,
    merged: int,
    *,
    erasing: bool,
) -> Followed:
    """What follows to ``kept``; ``erasing``: what does not follow goes with the record."""
    found = Followed()
    for relation, rule in rules.items():
        if rule.special:
            continue
        label, column = split(relation)
        mine = [row for row in rows[relation] if row[column] == kept]
        theirs = [row for row in rows[relation] if row[column] == merged]
        known = {identity for row in mine if (identity := _identity(rule, row)) is not None}
        for row in theirs:
            follows = all(row[name] == value for name, value in rule.only.items())
            identity = _identity(rule, row)
            if rule.stays or not follows or identity in known:
                if rule.clash and follows and identity in known:
                    found.clashes.append(rule.clash)
                found.spare[relation].append(row)
                if erasing:
                    found.steps.append(delete(label, row))
                continue
            if identity is not None:
                known.add(identity)
            moved = update(label, row, **{column: kept})
            assert moved is not None  # noqa: S101
            found.moved[relation].append(row)
            found.steps.append(moved)
    found.clashes = list(dict.fromkeys(found.clashes))
    return found


def _identity(rule: Rule, row: Row) -> tuple[Any, ...] | None:
    """What makes two rows the same; None for one that is like no other."""
    if not rule.same:
        return None
    if rule.clash is _TWO_PROPOSALS and (row["author_id"] is None or row["state"] != "attente"):
        return None
    values = (row[name] for name in rule.same)
    return tuple(each.casefold() if isinstance(each, str) else each for each in values)
