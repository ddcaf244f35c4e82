"""A planned composition, read from the query string and assessed: nothing is stored."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils import timezone

from directory.composition_panel import Panel, panel_of
from members.kinds import CERTAIN_FACTS, FACT_LABELS, OrganisationKind, facts_of
from poles.article9 import MINIMUM, RULES, Composition, Member, Rule, assess

FEWEST_ROWS, MOST_ROWS = 3, 30
_YES_NO = {"oui": True, "non": False}
# The facts by the names that an address gives them.
FACTS = {
    "commerciale": "is_commercial",
    "ess": "is_ess",
    "formation": "is_training_body",
    "groupement": "is_non_ess_grouping",
    "morale": "is_legal_person",
}


@dataclass(frozen=True)
class FactChoice:
    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Row:
    """A planned member, as typed."""

    number: int
    name: str = ""
    kind: str = ""
    facts: list[FactChoice] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.name or f"Membre {self.number}"


@dataclass(frozen=True)
class TryOut:
    rows: list[Row]
    rule: Rule
    complete: bool
    panel: Panel | None
    messages: list[str]

    @property
    def rules(self) -> list[Rule]:
        return [rule for rule in RULES.values() if rule.roles]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(kind.value, str(kind.label)) for kind in OrganisationKind]


def try_out(asked: QueryDict) -> TryOut:
    """What was typed, and its panel once a member has a kind or a fact."""
    messages: list[str] = []
    rule = RULES.get(asked.get("regle", MINIMUM.code), MINIMUM)
    if not rule.roles:
        rule = MINIMUM
    rows = _rows(asked, messages)
    complete = asked.get("complete") == "oui"
    members = [_member(row) for row in rows if row.kind or any(f.value for f in row.facts)]
    panel = None
    if members:
        today = timezone.localdate()
        composition = Composition(members, confirmed_on=today if complete else None)
        panel = panel_of(assess(composition, rule, today, today))
    return TryOut(rows, rule, complete, panel, messages)


def _rows(asked: QueryDict, messages: list[str]) -> list[Row]:
    columns = {name: asked.getlist(name) for name in ("nom", "nature", *FACTS)}
    typed = max(map(len, columns.values()))
    if typed > MOST_ROWS:
        messages.append(f"L’essai s’arrête à {MOST_ROWS} membres\u00a0: les suivants sont laissés.")
    wanted = typed + ("ajouter" in asked)
    kinds = set(OrganisationKind.values)
    rows = []
    for i in range(min(max(wanted, FEWEST_ROWS), MOST_ROWS)):
        at = {
            name: values[i].strip() if i < len(values) else "" for name, values in columns.items()
        }
        kind = at["nature"]
        if kind and kind not in kinds:
            messages.append(
                f"La nature «\u00a0{kind[:60]}\u00a0» n’existe pas\u00a0: elle est laissée."
            )
            kind = ""
        facts = [
            FactChoice(name, FACT_LABELS[fact], at[name] if at[name] in _YES_NO else "")
            for name, fact in FACTS.items()
        ]
        rows.append(Row(i + 1, at["nom"].replace("\x00", "")[:120], kind, facts))
    return rows


def _member(row: Row) -> Member:
    kind = OrganisationKind(row.kind or OrganisationKind.UNKNOWN)
    stored = {FACTS[each.name]: _YES_NO.get(each.value) for each in row.facts}
    # What the kind says for certain wins over what was ticked beside it.
    stored |= CERTAIN_FACTS[kind]
    if stored["is_commercial"] and stored["is_ess"]:
        stored["is_ess"] = None
    return Member(row.number, row.label, facts_of(kind, stored))
