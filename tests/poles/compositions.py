"""Made-up compositions, and their verdicts worked out the slow way, from the words of the law."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import permutations, product
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

TODAY = datetime.now(ZoneInfo("Europe/Paris")).date()
DAYS = [TODAY + timedelta(days=n) for n in (-4000, -400, -2, -1, 0, 1, 2, 400)]
FACTS = ("is_commercial", "is_ess", "is_training_body", "is_non_ess_grouping", "is_legal_person")
VALUES = (True, False, None)

# The table of kinds, fact by fact: what each says for certain. "As known" is left out.
TABLE: dict[str, dict[str, bool]] = {
    "entreprise": {"is_commercial": True, "is_ess": False},
    "ess": {"is_commercial": False, "is_ess": True, "is_non_ess_grouping": False},
    "association": {"is_commercial": False, "is_ess": True},
    "formation": {"is_training_body": True},
    "recherche": {"is_commercial": False, "is_non_ess_grouping": False},
    "collectivite": {"is_commercial": False, "is_ess": False, "is_non_ess_grouping": False},
    "autre": {},
    "inconnu": {},
}
# Stored as they are; of the others only "yes" is refused.
STORED = {"is_commercial", "is_ess", "is_training_body"}


@dataclass(frozen=True)
class Org:
    kind: str
    facts: dict[str, bool | None]
    closed_on: date | None = None

    def completions(self) -> Iterator[dict[str, bool]]:
        """Every way in which the unknown facts could turn out."""
        known = {**self.facts, **TABLE[self.kind]}
        # The law counts only legal persons in the ESS, and an authority is one.
        if known["is_legal_person"] is None and (known["is_ess"] or self.kind == "collectivite"):
            known["is_legal_person"] = True
        options = [(known[f],) if known[f] is not None else (True, False) for f in FACTS]
        for values in product(*options):
            facts = dict(zip(FACTS, values, strict=True))
            if facts["is_ess"] and not known["is_ess"] and not facts["is_legal_person"]:
                continue
            if not (facts["is_commercial"] and facts["is_ess"]):
                yield facts


@dataclass(frozen=True)
class Part:
    """A membership; ``org`` is the place of the organisation in its list."""

    org: int
    role: str = "actif"
    begins_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Made:
    parts: list[Part] = field(default_factory=list)
    confirmed_on: date | None = None
    own_person: int | None = None


def _stored(kind: str, drawn: dict[str, bool | None]) -> dict[str, bool | None]:
    """What the tables accept of the facts that were drawn."""
    certain = TABLE[kind]
    facts = drawn | {fact: value for fact, value in certain.items() if fact in STORED}
    if certain.get("is_non_ess_grouping") is False and facts["is_non_ess_grouping"]:
        facts["is_non_ess_grouping"] = None
    if facts["is_commercial"] and facts["is_ess"]:
        facts["is_ess" if certain.get("is_commercial") else "is_commercial"] = None
    return facts


@st.composite
def organisations(draw: Any, **kwargs: Any) -> Org:
    kind = draw(st.sampled_from(sorted(TABLE)))
    # Unknown as often as yes and no together.
    values = st.sampled_from((None, None, True, False))
    drawn = {fact: draw(values) for fact in FACTS}
    closed_on = draw(st.sampled_from([None, None, None, *DAYS]))
    return Org(kind, _stored(kind, drawn), closed_on)


@st.composite
def poles(draw: Any, orgs: int) -> Made:
    """Memberships of distinct organisations, some of which left and came back."""
    ends = st.sampled_from([None, None, *DAYS])
    own = draw(st.sampled_from([None, None, *range(orgs)]))
    parts = []
    members = draw(st.lists(st.sampled_from(range(orgs)), unique=True, max_size=min(orgs, 6)))
    led = False
    for org in members:
        if org == own:
            continue
        begins, stops = draw(ends), draw(ends)
        if begins and stops and stops < begins:
            begins, stops = stops, begins
        role = draw(st.sampled_from(["actif", "actif", "partenaire", "porteur"]))
        if role == "porteur" and led:
            role = "actif"
        led = led or role == "porteur"
        parts.append(Part(org, role, begins, stops))
        if stops is not None and draw(st.booleans()):
            parts.append(Part(org, "actif", stops + timedelta(days=1), draw(ends_after(stops))))
    return Made(parts, draw(st.sampled_from([None, *DAYS])), own)


def ends_after(day: date) -> Any:
    return st.sampled_from([None, day + timedelta(days=1), day + timedelta(days=500)])


# The two rules, written again from the law: who counts, and who can hold each role.
def _counts(rule: str, facts: dict[str, bool]) -> bool:
    if rule == "minimum":
        return facts["is_legal_person"] or facts["is_commercial"]
    return facts["is_legal_person"]


def _holds(rule: str, role: int, facts: dict[str, bool]) -> bool:
    commercial, ess = facts["is_commercial"], facts["is_ess"]
    if rule == "minimum":
        return (commercial, ess, facts["is_training_body"])[role]
    return (ess, commercial or facts["is_non_ess_grouping"], True)[role]


def _there(part: Part, org: Org, day: date) -> set[bool]:
    """In which ways the member may be there that day."""
    if part.role == "partenaire" or (part.ends_on and part.ends_on < day):
        return {False}
    if org.closed_on and org.closed_on <= day:
        return {False}
    if part.begins_on is None:
        return {True} if day >= TODAY else {True, False}
    return {part.begins_on <= day}


def brute_force(rule: str, made: Made, orgs: Sequence[Org], day: date) -> str:
    """Every assignment of roles to members, over every way in which the unknowns may turn out."""
    there: dict[int, list[set[bool]]] = {}
    for part in made.parts:
        if part.org != made.own_person:
            there.setdefault(part.org, []).append(_there(part, orgs[part.org], day))
    surely = {org for org, ways in there.items() if {True} in ways}
    perhaps = {org for org, ways in there.items() if any(True in way for way in ways)}
    turns = {org: list(orgs[org].completions()) for org in there}

    def known(org: int, role: int | None) -> bool:
        return org in surely and all(_fits(facts, role) for facts in turns[org])

    def possible(org: int, role: int | None) -> bool:
        return org in perhaps and any(_fits(facts, role) for facts in turns[org])

    def _fits(facts: dict[str, bool], role: int | None) -> bool:
        return _counts(rule, facts) and (role is None or _holds(rule, role, facts))

    def satisfied(able: Any) -> bool:
        return sum(able(org, None) for org in there) >= 3 and any(
            all(able(org, role) for role, org in enumerate(chosen))
            for chosen in permutations(there, 3)
        )

    if satisfied(known):
        return "satisfaite"
    complete = made.confirmed_on is not None and made.confirmed_on <= day
    if complete and not satisfied(possible):
        return "non-satisfaite"
    return "indeterminee"
