"""An assessment in French sentences, such as an officer could paste into a letter.

Pure functions over plain values, as in ``poles/article9.py``; no sentence says of the registry's
own rule that the law demands it.
"""

from collections.abc import Sequence
from datetime import date

from poles.article9 import Assessment, Member, Rule, Verdict
from poles.settling import PRESENCE, Question

_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
_FACTS = {
    "is_commercial": "une entreprise commerciale, hors de l’ESS",
    "is_ess": "une entité de l’ESS",
    "is_training_body": "un organisme de formation déclaré",
    "is_non_ess_grouping": "un groupement dont la majorité des entreprises sont hors de l’ESS",
    "is_legal_person": "une personne morale",
}
_NUMBERS = {0: "aucun", 1: "un seul", 2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six"}


def french_date(day: date) -> str:
    """``1er octobre 2021``, its spaces unbreakable."""
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{ordinal}\u00a0{_MONTHS[day.month - 1]}\u00a0{day.year}"


def rule_name(rule: Rule) -> str:
    """The rule with its article, after a preposition: « la composition minimale (…) »."""
    article = {"minimum": "la ", "decret-2015": "la composition demandée par l’"}
    words = rule.source if rule.code == "decret-2015" else rule.name
    return article.get(rule.code, "") + words.replace("article ", "article\u00a0")


def question(asked: Question, day: date) -> str:
    """A question that yes or no answers."""
    if asked.fact == PRESENCE:
        return (
            f"«\u00a0{asked.member.name}\u00a0» était-il déjà membre le {french_date(day)}\u00a0?"
        )
    return fact_question(asked.member.name, asked.fact)


def fact_question(name: str, fact: str) -> str:
    """Whether the organisation of that name has the fact, as yes or no answers it."""
    return f"«\u00a0{name}\u00a0» est-il {_FACTS[fact]}\u00a0?"


def headline(assessment: Assessment) -> str:
    """The verdict, in one sentence that names the day and the rule."""
    day, rule = french_date(assessment.day), rule_name(assessment.rule)
    match assessment.verdict:
        case Verdict.SATISFIED:
            return f"Au {day}, la composition du pôle satisfait {rule}."
        case Verdict.NOT_SATISFIED:
            return f"Au {day}, la composition du pôle ne satisfait pas {rule}."
        case Verdict.UNDETERMINED:
            return (
                f"Au {day}, ce que le registre sait de la composition du pôle ne permet pas de "
                f"dire si elle satisfait {rule}."
            )
    return "Aucune règle de composition n’est établie\u00a0: le registre ne vérifie rien."


def sentences(assessment: Assessment, settlements: Sequence[Sequence[Question]] = ()) -> list[str]:
    """The verdict and its reasons: who holds which role, what is missing, what would settle it."""
    said = [headline(assessment)]
    if assessment.verdict is None:
        return said
    said += _held(assessment)
    if assessment.verdict is not Verdict.SATISFIED:
        said += _lacking(assessment)
        said.append(_list_of_members(assessment))
    if assessment.verdict is Verdict.UNDETERMINED:
        said += _to_settle(settlements, assessment.day)
    return said


def fallen(before: Assessment, after: Assessment) -> str:
    """Which roles fall away between two assessments of one pole; empty if none does."""
    held = {role.code: holder for role, holder in before.holders}
    lost = [(role, held[role.code]) for role in after.missing if held.get(role.code)]
    if lost:
        names = [
            f"«\u00a0{role.name}\u00a0», que tient {_quoted(who)}" for role, who in lost if who
        ]
        return f"Plus personne ne tiendrait {_roles(names)}."
    if after.counted < before.counted:
        left = f"plus que {_count(after.counted)}" if after.counted else "plus aucun membre actif"
        return f"Le pôle ne compterait {left}, pour {_number(after.rule.number)} demandés."
    return ""


def _held(assessment: Assessment) -> list[str]:
    held = [
        f"le rôle «\u00a0{role.name}\u00a0» est tenu par {_quoted(holder)}"
        for role, holder in assessment.holders
        if holder is not None
    ]
    verb = "compte" if assessment.counted else "ne compte"
    total = (
        f"Le pôle {verb} {_count(assessment.counted)} dont la participation est établie, pour "
        f"{_number(assessment.rule.number)} demandés."
    )
    if not held:
        return [total]
    text = _listed(held)
    return [f"{text[0].upper()}{text[1:]}.", total]


def _lacking(assessment: Assessment) -> list[str]:
    said = []
    names = [f"«\u00a0{role.name}\u00a0»" for role in assessment.missing]
    if names:
        start = "Personne n’est connu pour tenir, en plus, "
        said.append(f"{start}{_roles(names)}.")
    lacking = [f"«\u00a0{role.name}\u00a0»" for role in assessment.lacking]
    if lacking:
        said.append(f"Aucun autre membre enregistré ne pourrait tenir {_roles(lacking)}.")
    return said


def _list_of_members(assessment: Assessment) -> str:
    confirmed = assessment.composition.confirmed_on
    if confirmed is None:
        return "La liste des membres n’a pas été confirmée complète."
    if not assessment.complete:
        return (
            f"La liste des membres n’a été confirmée complète que le {french_date(confirmed)}, "
            "après cette date."
        )
    return f"La liste des membres a été confirmée complète le {french_date(confirmed)}."


def _to_settle(settlements: Sequence[Sequence[Question]], day: date) -> list[str]:
    if not settlements:
        return ["Aucune réponse sur les membres enregistrés n’y suffirait\u00a0: il en manque."]
    if len(settlements[0]) == 1:
        asked = [question(one[0], day) for one in settlements]
        start = "Un oui y suffirait" if len(asked) == 1 else "Un seul oui y suffirait"
        return [f"{start}\u00a0: {' '.join(asked)}"]
    asked = [question(one, day) for one in settlements[0]]
    number = _number(len(asked)).capitalize()
    return [f"{number} oui y suffiraient, par exemple\u00a0: {' '.join(asked)}"]


def _roles(names: Sequence[str]) -> str:
    return f"{'les rôles' if len(names) > 1 else 'le rôle'} {_listed(names)}"


def _quoted(member: Member) -> str:
    return f"«\u00a0{member.name}\u00a0»"


def _count(number: int) -> str:
    if number == 0:
        return "aucun membre actif"
    return f"{_number(number)} membre{'s' if number > 1 else ''} actif{'s' if number > 1 else ''}"


def _number(number: int) -> str:
    return _NUMBERS.get(number, str(number))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
