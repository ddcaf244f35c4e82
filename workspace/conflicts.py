"""Two people on the same field: what it was, what the other saved, what was typed, and a choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from poles.models import Pole
from poles.record import Change, Conflict, Texts, group_of
from poles.record.fields import Json
from poles.record.writers import Written, last_written

# Before the key of a crossing: whose value is kept of it.
CHOICE = "garder:"
# The crossings that the page asked about.
ASKED = "croise"
MINE, THEIRS = "moi", "autre"


@dataclass(frozen=True)
class Side:
    """A value of a crossing: the name and the text of each of its fields."""

    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Crossing:
    """Fields that are chosen together; ``key``: of the first, by which the choice is sent."""

    key: str
    label: str
    before: Side
    saved: Side
    mine: Side
    written: Written | None
    choice: str

    @property
    def name(self) -> str:
        return f"{CHOICE}{self.key}"


def crossed_keys(conflicts: Sequence[Conflict]) -> list[str]:
    """The keys to choose about: those of the conflicts, and those that go with them."""
    return list(dict.fromkeys(m for c in conflicts for m in group_of(c.change.key)))


def crossings(
    pole: Pole,
    changes: Sequence[Change],
    keys: Sequence[str],
    now: Mapping[str, Json],
    sent: QueryDict,
) -> list[Crossing]:
    """What is to be chosen about ``keys``; ``now``: what is saved; ``sent`` may hold choices."""
    by_key = {change.key: change for change in changes}
    groups = dict.fromkeys(group_of(key) for key in keys)
    told = [by_key[key] for group in groups for key in group if key in by_key]
    texts = Texts(
        {change.key: value}
        for change in told
        for value in (change.before, now.get(change.key), change.after)
    )
    writers = last_written(pole, [change.key for change in told])
    return [
        _crossing([by_key[key] for key in group if key in by_key], now, texts, writers, sent)
        for group in groups
    ]


def _crossing(
    group: list[Change],
    now: Mapping[str, Json],
    texts: Texts,
    writers: Mapping[str, Written],
    sent: QueryDict,
) -> Crossing:
    def side(values: list[Json]) -> Side:
        told = [texts.text(change.key, value) for change, value in zip(group, values, strict=True)]
        return Side(list(zip(labels, told, strict=True)))

    saved = [now.get(change.key) for change in group]
    labels = [
        _capital(texts.label(change.key, change.after or value or change.before))
        for change, value in zip(group, saved, strict=True)
    ]
    key = group[0].key
    moved = [
        writers[c.key]
        for c, value in zip(group, saved, strict=True)
        if c.key in writers and value != c.before
    ]
    return Crossing(
        key=key,
        label=", ".join(labels),
        before=side([change.before for change in group]),
        saved=side(saved),
        mine=side([change.after for change in group]),
        written=max(moved, key=lambda written: written.at, default=None),
        choice=sent.get(f"{CHOICE}{key}", ""),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def chosen(changes: Sequence[Change], sent: QueryDict) -> list[Change]:
    """``changes`` without those for which the other's value was chosen.

    The page of the choice carries the other's values as those that it was filled from, so that
    keeping one's own writes over what was seen, and over nothing else.
    """
    theirs = {
        mate
        for name in sent
        if name.startswith(CHOICE) and sent[name] == THEIRS
        for mate in group_of(name.removeprefix(CHOICE))
    }
    return [change for change in changes if change.key not in theirs]


def undecided(sent: QueryDict) -> list[str]:
    """The keys about which the page asked, and nothing was chosen."""
    return [key for key in sent.getlist(ASKED) if sent.get(f"{CHOICE}{key}") not in {MINE, THEIRS}]
