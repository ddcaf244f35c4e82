"""A planned composition, read from the query string and assessed: nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from members.kinds import CERTAIN_FACTS, FACT_LABELS, OrganisationKind, facts_of
from poles.article9 import MINIMUM, RULES, Composition, Known, Member, Rule, assess
from poles.panel import Panel, panel_of

FEWEST_ROWS, MOST_ROWS = 3, 30
_YES_NO = {"oui": True, "non": False}
_WORDS = {True: "oui", False: "non", None: ""}
# The facts by the names that an address gives them.
FACTS = {
    "commerciale": "is_commercial",
    "ess": "is_ess",
    "formation": "is_training_body",
    "groupement": "is_non_ess_grouping",
    "morale": "is_legal_person",
}
_HINTS = {
    "commerciale": "Une société ou une entreprise individuelle, hors de l’ESS",
    "ess": "Coopérative, mutuelle, fondation, association, ou société commerciale de l’ESS",
    "formation": "Déclaré auprès de l’État",
    "groupement": "Un club d’entreprises, par exemple",
    "morale": "Un IUT ou un GRETA n’en est pas une",
}


@dataclass(frozen=True)
class FactChoice:
    """A fact of a row: asked for, or else settled by the rest (``answer``), or of no use here."""

    name: str
    label: str
    hint: str
    value: str
    answer: str
    asked: bool


@dataclass(frozen=True)
class Row:
    """A planned member, as typed, and the facts of the matter."""

    number: int
    name: str
    kind: str
    choices: list[FactChoice]
    facts: Mapping[str, Known]

    @property
    def label(self) -> str:
        return self.name or f"Membre {self.number}"

    @property
    def counts(self) -> bool:
        return bool(self.kind) or any(each.value for each in self.choices)

    @property
    def asked(self) -> list[FactChoice]:
        return [each for each in self.choices if each.asked]

    @property
    def settled(self) -> list[FactChoice]:
        return [each for each in self.choices if each.answer]

    @property
    def shape(self) -> str:
        """What is shown of the facts: while it stays, so do the fields under the reader's hands."""
        return " ".join(
            [*(each.name for each in self.asked), *(f"{e.name}={e.answer}" for e in self.settled)]
        )


@dataclass(frozen=True)
class TryOut:
    rows: list[Row]
    rule: Rule
    complete: bool
    panel: Panel | None
    messages: list[str]
    most: int = MOST_ROWS

    @property
    def rules(self) -> list[Rule]:
        return [rule for rule in RULES.values() if rule.roles]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(kind.value, str(kind.label)) for kind in OrganisationKind]


def try_out(asked: QueryDict) -> TryOut:
    """What was typed, and its panel once a member has a kind or a fact."""
    messages: list[str] = []
    rule = _rule(asked, messages)
    typed = _typed(asked, messages)
    rows = [_row(i, each, rule, messages) for i, each in enumerate(typed, start=1)]
    complete = asked.get("complete") == "oui"
    members = [Member(row.number, row.label, row.facts) for row in rows if row.counts]
    panel = None
    if members:
        today = timezone.localdate()
        composition = Composition(members, confirmed_on=today if complete else None)
        panel = panel_of(assess(composition, rule, today, today))
    return TryOut(rows, rule, complete, panel, messages)


def _rule(asked: QueryDict, messages: list[str]) -> Rule:
    code = _clean(asked.get("regle", MINIMUM.code))
    rule = RULES.get(code)
    if rule is not None and rule.roles:
        return rule
    messages.append(
        f"La règle «\u00a0{code[:60]}\u00a0» ne peut pas être essayée\u00a0: "
        f"c’est la {MINIMUM.name} qui l’est."
    )
    return MINIMUM


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _typed(asked: QueryDict, messages: list[str]) -> list[dict[str, str]]:
    """The rows as typed, by name of field; a row is added or taken away if that is asked."""
    columns = {name: asked.getlist(name) for name in ("nom", "nature", *FACTS)}
    rows = [
        {name: _clean(values[i]) if i < len(values) else "" for name, values in columns.items()}
        for i in range(min(max(map(len, columns.values())), MOST_ROWS + 1))
    ]
    empty = dict.fromkeys(columns, "")
    if "retirer" in asked:
        place = asked.get("retirer", "")
        # As many digits as no row has would be no number worth reading.
        if place.isascii() and place.isdigit() and len(place) < 4 and 0 < int(place) <= len(rows):
            del rows[int(place) - 1]
    if "ajouter" in asked:
        rows.append(empty)
    if len(rows) > MOST_ROWS:
        messages.append(f"L’essai s’arrête à {MOST_ROWS} membres\u00a0: les suivants sont laissés.")
    rows += [empty] * (FEWEST_ROWS - len(rows))
    return rows[:MOST_ROWS]


def _row(number: int, typed: dict[str, str], rule: Rule, messages: list[str]) -> Row:
    def left_off(what: str) -> None:
        messages.append(f"Membre {number}\u00a0: {what}.")

    kind = typed["nature"]
    if kind and kind not in OrganisationKind.values:
        left_off(f"la nature «\u00a0{kind[:60]}\u00a0» n’existe pas, elle est laissée")
        kind = ""
    certain = CERTAIN_FACTS[OrganisationKind(kind or OrganisationKind.UNKNOWN)]
    stored: dict[str, Known] = {}
    for name, fact in FACTS.items():
        answer = typed[name]
        if answer and answer not in _YES_NO:
            left_off(f"«\u00a0{answer[:60]}\u00a0» n’est ni oui ni non, cette réponse est laissée")
        # What the kind says for certain wins over what was ticked beside it.
        stored[fact] = certain.get(fact, _YES_NO.get(answer))
    if stored["is_commercial"] and stored["is_ess"]:
        left_off("une entreprise hors de l’ESS n’est pas une entité de l’ESS, ce oui-là est laissé")
        stored["is_ess"] = None
    if stored["is_ess"] and stored["is_legal_person"] is False:
        left_off("une entité de l’ESS est une personne morale, ce non-là est laissé")
        stored["is_legal_person"] = None
    facts = facts_of(kind or OrganisationKind.UNKNOWN, stored)
    return Row(
        number,
        typed["nom"][:120],
        kind,
        [_choice(name, kind, stored, facts, certain, rule) for name in FACTS],
        facts,
    )


def _choice(
    name: str,
    kind: str,
    stored: Mapping[str, Known],
    facts: Mapping[str, Known],
    certain: Mapping[str, bool],
    rule: Rule,
) -> FactChoice:
    fact = FACTS[name]
    open_to_answer = fact not in certain and facts[fact] == stored[fact]
    needed = fact in _needed(rule, facts)
    # Before a kind is chosen there is nothing to ask, unless an answer is already there.
    begun = bool(kind) or any(value is not None for value in stored.values())
    return FactChoice(
        name,
        FACT_LABELS[fact],
        _HINTS[name],
        _WORDS[stored[fact]] if open_to_answer else "",
        _WORDS[facts[fact]] if needed and not open_to_answer else "",
        asked=needed and open_to_answer and begun,
    )


def _needed(rule: Rule, facts: Mapping[str, Known]) -> set[str]:
    """The facts that the rule looks at; once the member counts, no more of what makes it count."""
    needed = {fact for role in rule.roles for fact in role.any_of}
    if not any(facts[fact] for fact in rule.counted_if if fact in needed):
        needed.update(rule.counted_if)
    return needed
