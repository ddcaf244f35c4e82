"""Article 9: whether the members of a pole hold between them the roles that a rule demands.

Pure functions over plain values. A rule demands a number of members and different members for its
roles, which is a matching; by Hall's theorem one exists exactly when, for every subset of the
roles, at least as many members can hold one of them as the subset has roles. Those subset counts
(`Rule.subsets`), taken once over what is known to be true and once over what is not known to be
false, give the verdict here and in the database (``poles/article9_sql.py``).

Sources: loi n° 2014-856, art. 1 and 9; décret n° 2015-431, art. 3, 2°.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import product

Known = bool | None
"""Yes, no, or unknown."""


class Verdict(StrEnum):
    SATISFIED = "satisfaite"
    NOT_SATISFIED = "non-satisfaite"
    UNDETERMINED = "indeterminee"


@dataclass(frozen=True)
class Role:
    """A place in the composition, open to who has one of the facts; to anyone if none is named."""

    code: str
    name: str
    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """What a composition must have; without roles it demands nothing, and gives no verdict.

    A member counts when it has one of the facts of ``counted_if``. The dates are those between
    which the rule is in force, ``None`` being open.
    """

    code: str
    name: str
    source: str
    source_url: str = ""
    number: int = 0
    counted_if: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    in_force_from: date | None = None
    in_force_until: date | None = None

    def is_in_force(self, day: date) -> bool:
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.in_force_until is None or day <= self.in_force_until
        )

    @cached_property
    def subsets(self) -> tuple[tuple[int, int], ...]:
        """Each subset of the roles, as a mask of their places, and how many roles it has."""
        return tuple((mask, mask.bit_count()) for mask in range(1, 1 << len(self.roles)))


_COMMERCIAL = Role("commerciale", "entreprise commerciale", ("is_commercial",))
_ESS = Role("ess", "entreprise de l’ESS", ("is_ess",))
_TRAINING = Role("formation", "organisme de formation", ("is_training_body",))
_OUTSIDE_ESS = Role(
    "hors-ess",
    "entreprise hors de l’ESS, ou groupement d’une majorité d’entre elles",
    ("is_commercial", "is_non_ess_grouping"),
)
_OTHER = Role("autre", "autre personne nommée par l’article 9", ())
_LAW = "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000029313296/"

MINIMUM = Rule(
    code="minimum",
    name="composition minimale (règle du registre, d’après l’article 9)",
    source="règle du registre, d’après l’article 9 de la loi n° 2014-856 du 31 juillet 2014",
    source_url=_LAW,
    number=3,
    # A natural person counts only as a sole trader.
    counted_if=("is_legal_person", "is_commercial"),
    roles=(_COMMERCIAL, _ESS, _TRAINING),
    in_force_from=date(2014, 7, 31),
)
DECREE_2015 = Rule(
    code="decret-2015",
    name="décret n° 2015-431, art. 3, 2°",
    source="article 3, 2°, du décret n° 2015-431 du 15 avril 2015",
    number=3,
    counted_if=("is_legal_person",),
    roles=(_ESS, _OUTSIDE_ESS, _OTHER),
    in_force_from=date(2015, 4, 15),
)
NONE = Rule(
    code="aucune",
    name="aucune : appel antérieur à la loi",
    source="appel lancé avant la loi du 31 juillet 2014",
    in_force_until=date(2014, 7, 30),
)
NOT_ESTABLISHED = Rule(
    code="non-etablie",
    name="non établie",
    source="aucune règle n’a été saisie pour cet appel",
)
RULES = {rule.code: rule for rule in (MINIMUM, DECREE_2015, NONE, NOT_ESTABLISHED)}


@dataclass(frozen=True)
class Member:
    """An organisation in the pole over a period; ``key`` tells one organisation from another."""

    key: int
    name: str
    facts: Mapping[str, Known]
    takes_part: bool = True
    begins_on: date | None = None
    ends_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class Composition:
    """All the members of a pole, the day its list was confirmed complete, its own legal person."""

    members: Sequence[Member]
    confirmed_on: date | None = None
    own_person: int | None = None

    def is_complete(self, day: date) -> bool:
        return self.confirmed_on is not None and self.confirmed_on <= day


@dataclass(frozen=True)
class Assessment:
    """A verdict with its reasons.

    ``holders``: who holds each role for certain, ``None`` where nobody does. ``lacking``: the roles
    that no recorded member could hold, whatever the unknowns. ``counted``: how many members count
    for certain; ``perhaps_counted`` adds those that may.
    """

    rule: Rule
    day: date
    verdict: Verdict | None
    composition: Composition
    counted: int = 0
    perhaps_counted: int = 0
    holders: tuple[tuple[Role, Member | None], ...] = ()
    lacking: tuple[Role, ...] = ()

    @property
    def missing(self) -> tuple[Role, ...]:
        """The roles that nobody is known to hold."""
        return tuple(role for role, holder in self.holders if holder is None)

    @property
    def complete(self) -> bool:
        return self.composition.is_complete(self.day)


def either(values: Iterable[Known]) -> Known:
    """Yes if one is yes, no if all are no, unknown otherwise."""
    known: Known = False
    for value in values:
        if value:
            return True
        if value is None:
            known = None
    return known


def both(one: Known, other: Known) -> Known:
    """No if one is no, yes if both are yes, unknown otherwise."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def presence(member: Member, day: date, today: date) -> Known:
    """Whether the member takes part on ``day``; a beginning that nobody told counts from today."""
    if not member.takes_part or (member.ends_on is not None and member.ends_on < day):
        return False
    if member.closed_on is not None and member.closed_on <= day:
        return False
    if member.begins_on is None:
        return True if day >= today else None
    return member.begins_on <= day


@dataclass(frozen=True)
class Candidate:
    """A member that counts (``known``: the roles that it holds, as a mask) or may (``None``)."""

    member: Member
    present: Known
    known: int | None
    possible: int


def candidate(rule: Rule, member: Member, present: Known) -> Candidate | None:
    """What the member brings to the rule; ``None`` if it does not count at all."""
    counts = both(present, either(member.facts.get(fact) for fact in rule.counted_if))
    if counts is False:
        return None
    known = possible = 0
    for place, role in enumerate(rule.roles):
        holds = either(member.facts.get(fact) for fact in role.any_of) if role.any_of else True
        known |= (holds is True) << place
        possible |= (holds is not False) << place
    return Candidate(member, present, known if counts else None, possible)


def candidates(composition: Composition, rule: Rule, day: date, today: date) -> list[Candidate]:
    """Each organisation that counts or may, once, in the order of the keys."""
    members: dict[int, tuple[Member, Known]] = {}
    for member in composition.members:
        if member.key == composition.own_person:
            continue
        present = presence(member, day, today)
        first, before = members.get(member.key, (member, False))
        members[member.key] = first, either((before, present))
    found = (candidate(rule, *members[key]) for key in sorted(members))
    return [each for each in found if each is not None]


def fulfils(rule: Rule, held: Sequence[int]) -> bool:
    """Whether members that can hold these roles (masks) are enough and match all the roles."""
    return len(held) >= rule.number and all(
        sum(1 for mask in held if mask & subset) >= size for subset, size in rule.subsets
    )


def _verdict(rule: Rule, found: Sequence[Candidate], *, complete: bool) -> Verdict | None:
    if not rule.roles:
        return None
    if fulfils(rule, [each.known for each in found if each.known is not None]):
        return Verdict.SATISFIED
    if complete and not fulfils(rule, [each.possible for each in found]):
        return Verdict.NOT_SATISFIED
    return Verdict.UNDETERMINED


def verdict(composition: Composition, rule: Rule, day: date, today: date) -> Verdict | None:
    """The verdict on ``day``; ``None`` where the rule demands nothing."""
    found = candidates(composition, rule, day, today)
    return _verdict(rule, found, complete=composition.is_complete(day))


def assess(composition: Composition, rule: Rule, day: date, today: date) -> Assessment:
    """The verdict on ``day`` with its reasons; the same whatever the order of the members."""
    found = candidates(composition, rule, day, today)
    sure = [each for each in found if each.known is not None]
    holders = _matching(rule, [(each, each.known or 0) for each in sure])
    may_hold = _matching(rule, [(each, each.possible) for each in found])
    return Assessment(
        rule=rule,
        day=day,
        verdict=_verdict(rule, found, complete=composition.is_complete(day)),
        composition=composition,
        counted=len(sure),
        perhaps_counted=len(found),
        holders=tuple(
            (role, holder.member if holder else None)
            for role, holder in zip(rule.roles, holders, strict=True)
        ),
        lacking=tuple(
            role for role, each in zip(rule.roles, may_hold, strict=True) if each is None
        ),
    )


def _matching(rule: Rule, able: Sequence[tuple[Candidate, int]]) -> tuple[Candidate | None, ...]:
    """A holder for each role, as many roles as can be; who can hold fewest is taken first."""
    ordered = sorted(able, key=lambda each: (each[1].bit_count(), each[0].member.key))
    places = range(len(rule.roles))
    # The others take at most all the first candidates but one: no role needs a longer list.
    options = [
        [*[one for one, mask in ordered if mask >> place & 1][: len(rule.roles)], None]
        for place in places
    ]
    return min(each_one_role(options), key=lambda holders: holders.count(None))


def each_one_role[T](options: Sequence[Sequence[T]]) -> Iterable[tuple[T, ...]]:
    """Every choice of an option for each role in which nobody is chosen twice."""
    for chosen in product(*options):
        taken = [id(one) for one in chosen if one is not None]
        if len(set(taken)) == len(taken):
            yield chosen
