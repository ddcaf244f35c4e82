"""The shortest list of questions whose answers would settle many poles at once.

Pure functions over plain values. Choosing the fewest questions is a set cover: the one that settles
most poles is taken first, then the next, which is as good as one can do quickly.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from poles.settling import Question


@dataclass(frozen=True)
class Asked[Pole: Hashable]:
    """A fact to ask of a member; ``alone``: whether yes is enough for each of ``poles``."""

    key: int
    name: str
    fact: str
    poles: tuple[Pole, ...]
    alone: bool


def questions_to_ask[Pole: Hashable](
    settlements: Mapping[Pole, Sequence[Sequence[Question]]],
) -> list[Asked[Pole]]:
    """From what would settle each pole; those that several answers settle come last."""
    names: dict[int, str] = {}
    alone: dict[tuple[int, str], list[Pole]] = defaultdict(list)
    several: dict[tuple[int, str], list[Pole]] = defaultdict(list)
    for pole, sets in settlements.items():
        for questions in sets:
            found = alone if len(questions) == 1 else several
            for each in questions:
                names[each.member.key] = each.member.name
                found[each.member.key, each.fact].append(pole)
    chosen = [
        Asked(key, names[key], fact, tuple(poles), alone=True)
        for (key, fact), poles in _cover(alone)
    ]
    taken = {(each.key, each.fact) for each in chosen}
    rest = [(asked, poles) for asked, poles in several.items() if asked not in taken]
    rest.sort(key=lambda each: (-len(each[1]), each[0]))
    return chosen + [
        Asked(key, names[key], fact, tuple(poles), alone=False) for (key, fact), poles in rest
    ]


def _cover[Pole: Hashable](
    settled_by: Mapping[tuple[int, str], Sequence[Pole]],
) -> list[tuple[tuple[int, str], list[Pole]]]:
    """Questions until every pole that one of them settles is settled, each with its poles."""
    left = dict.fromkeys(pole for poles in settled_by.values() for pole in poles)
    cover = []
    while left:
        asked = min(
            settled_by,
            key=lambda each: (-sum(pole in left for pole in settled_by[each]), each),
        )
        settled = [pole for pole in settled_by[asked] if pole in left]
        cover.append((asked, settled))
        for pole in settled:
            del left[pole]
    return cover
