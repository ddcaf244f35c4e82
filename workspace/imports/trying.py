"""Writing what an import asks for: first to try it out and undo it, then for good."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError

from core.admin.refusals import refusal
from core.slugs import new_slugs
from members.creating import create_many
from members.naming import organisation_key
from networks.models import User
from poles.models import ImportRow, Pole, PoleFormerSlug, ProposalOrigin
from poles.proposals import propose
from poles.recognition import BreaksRecognition
from poles.record import FIELDS, Change, Conflicted
from poles.record.fields import Json
from poles.record.many import write_many
from poles.record.rows import split_key
from poles.record.writing import check_now, told_in_french
from workspace.imports.row import RowChanges

CROSSED = "Quelqu’un d’autre a changé la même chose pendant ce temps."


@dataclass
class Group:
    """The rows of one pole that go together. ``pk``: None for a pole to be made."""

    subject: str
    pk: int | None
    rows: list[tuple[ImportRow, RowChanges]]
    proposes: bool = False
    regularises: bool = False

    def changes(self) -> list[Change]:
        merged: dict[str, tuple[Json, Json]] = {}
        for _, found in self.rows:
            merged |= found.changes
        return [Change(key, before, after) for key, (before, after) in merged.items()]


@dataclass
class Writer:
    """``made``: the new organisations, by their key or SIREN, from one batch to the next."""

    user: User
    network: int | None
    made: dict[str, int] = field(default_factory=dict)

    def write(self, groups: Sequence[Group], *, regularises: bool = True) -> dict[str, int]:
        """Writes all of ``groups`` or raises; returns the numbers of the poles that were made."""
        self._make_organisations(groups)
        created = self._make_poles([group for group in groups if group.pk is None])
        changes: dict[int, list[Change]] = {}
        for group in groups:
            if group.pk is None:
                rest = [c for c in group.changes() if not _is_column(c.key)]
                changes[created[group.subject]] = [self._known(change) for change in rest]
            else:
                changes[group.pk] = [self._known(change) for change in group.changes()]
        accepted = [group.pk for group in groups if group.regularises and group.pk is not None]
        write_many(changes, by=self.user, regularising=accepted if regularises else ())
        return created

    def propose(self, group: Group, message: str) -> None:
        """What the person may not write. New members are made when they are accepted."""
        assert group.pk is not None  # noqa: S101
        pole = Pole.objects.get(pk=group.pk)
        propose(
            pole,
            group.changes(),
            origin=ProposalOrigin.EDITOR,
            base_version=pole.version,
            author=self.user,
            message=message,
        )

    def _make_organisations(self, groups: Iterable[Group]) -> None:
        wanted: dict[str, dict[str, Any]] = {}
        for group in groups:
            for change in group.changes():
                new = _described(change)
                if new is not None and _name_of(new) not in self.made:
                    wanted.setdefault(_name_of(new), new)
        made = create_many(list(wanted.values()), by=self.user)
        self.made |= {key: each.pk for key, each in zip(wanted, made, strict=True)}

    def _known(self, change: Change) -> Change:
        """The same, once the organisation that it describes is made."""
        new = _described(change)
        if new is None:
            return change
        pk = self.made[_name_of(new)]
        after = pk if change.after is new else {**change.after, "organisation": pk}
        return Change(change.key, change.before, after)

    def _make_poles(self, groups: Sequence[Group]) -> dict[str, int]:
        poles, named = [], []
        for group in groups:
            pole = Pole(reference_network_id=self.network)
            columns = [c for c in map(self._known, group.changes()) if _is_column(c.key)]
            for change in columns:
                FIELDS[change.key].assign(pole, change.after)
            pole.theme_words = [w[:150] for _, found in group.rows for w in found.theme_words]
            poles.append(pole)
            named.append({"name", "slug", *(change.key for change in columns)})
        names = [pole.name for pole in poles]
        slugs = new_slugs(names, Pole.objects.all(), PoleFormerSlug.objects.all())
        for pole, slug, checked in zip(poles, slugs, named, strict=True):
            pole.slug = slug
            pole.clean_fields(exclude=_unchecked(checked))
        with told_in_french():
            Pole.objects.bulk_create(poles)
        return {group.subject: pole.pk for group, pole in zip(groups, poles, strict=True)}


def _unchecked(columns: set[str]) -> set[str]:
    return {f.name for f in Pole._meta.fields if f.is_relation or f.name not in columns}


def _is_column(key: str) -> bool:
    return key in FIELDS and not FIELDS[key].many


def _described(change: Change) -> dict[str, Any] | None:
    """The values of the new organisation that a change names."""
    after = change.after
    if change.key == "legal_person":
        return after if isinstance(after, dict) else None
    new = after.get("organisation") if isinstance(after, dict) else None
    return new if isinstance(new, dict) else None


def _name_of(new: Mapping[str, Any]) -> str:
    return str(new.get("siren") or organisation_key(new["name"]))


class _Undone(Exception):  # noqa: N818
    pass


Refuse = Callable[[ImportRow, Exception], None]


def try_out(groups: Sequence[Group], writer: Writer, refuse: Refuse) -> None:
    """Writes the groups and undoes it; ``refuse`` is told of each row that cannot be written.

    All at once while it goes well; where it does not, by halves, down to the pole and to its row.
    """
    try:
        _rehearse(groups, writer)
    except _Undone:
        return
    except (ValidationError, BreaksRecognition, Conflicted) as error:
        if len(groups) > 1:
            middle = len(groups) // 2
            try_out(groups[:middle], writer, refuse)
            try_out(groups[middle:], writer, refuse)
        else:
            _blame(groups[0], writer, refuse, error)


def _blame(group: Group, writer: Writer, refuse: Refuse, error: Exception) -> None:
    """Finds the rows without which the others can be written."""
    kept: list[tuple[ImportRow, RowChanges]] = []
    if len(group.rows) == 1:
        refuse(group.rows[0][0], error)
        return
    for row, found in group.rows:
        tried = Group(
            group.subject, group.pk, [*kept, (row, found)], group.proposes, group.regularises
        )
        try:
            _rehearse([tried], writer)
        except _Undone:
            kept.append((row, found))
        except (ValidationError, BreaksRecognition, Conflicted) as error:
            refuse(row, error)
            if group.pk is None and not kept:
                # Without its own row a new pole is nothing for the others to be of.
                for other, _ in group.rows[1:]:
                    refuse(other, CannotFollow())
                return
    group.rows = kept


class CannotFollow(Exception):  # noqa: N818
    def __str__(self) -> str:
        return "la ligne du pôle lui-même est refusée"


def _rehearse(groups: Sequence[Group], writer: Writer) -> None:
    """Raises _Undone once all was written and undone.

    A pole that may be regularised is not, since mails would leave: that it would break is enough.
    """
    made = dict(writer.made)
    accepted = {g.pk for g in groups if g.regularises or g.proposes}
    try:
        with told_in_french():
            writer.write(groups, regularises=False)
            check_now()
            raise _Undone
    except BreaksRecognition as error:
        if set(error.after) <= accepted:
            raise _Undone from error
        raise
    except DatabaseError as error:
        message = refusal(error)
        if not message:
            raise
        raise ValidationError(message) from error
    finally:
        writer.made = made


def in_words(error: Exception) -> str:
    """Why a row cannot be written, by what its columns are called."""
    if isinstance(error, Conflicted):
        return CROSSED
    if isinstance(error, ValidationError):
        if not hasattr(error, "error_dict"):
            return " ".join(error.messages)
        return " ".join(
            " ".join(messages) if key == "__all__" else f"{_label(key)}\u00a0: {' '.join(messages)}"
            for key, messages in error.message_dict.items()
        )
    return str(error)


def _label(key: str) -> str:
    collection, name = split_key(key) if "/" in key else (None, key)
    if collection is not None:
        return collection.label
    if name in FIELDS:
        return FIELDS[name].label
    return str(getattr(Pole._meta.get_field(name), "verbose_name", name))
