"""An answer in sentences, ready to be copied."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from calls.answers import wording
from calls.answers.definitions import BY_KEY, CALL_NOTE, NO_POLES_ANNOUNCED, Why
from calls.answers.figures import value_of
from calls.answers.perimeter import Where

_ARTICLE_9 = "au titre de l’article\u00a09 de la loi n°\u00a02014-856 du 31\u00a0juillet 2014"


def text_of(
    figures: dict[str, Any], where: Where, day: date, *, asked_at: datetime, edition: int
) -> str:
    """Paragraphs, an empty line between them."""
    paragraphs = [
        " ".join([_candidates(figures, where, day), _decided(figures), _poles(figures, where)]),
        _announced(figures, where),
        _apart(figures),
        _definitions(figures),
        _provenance(day, asked_at, edition),
    ]
    return "\n\n".join(each for each in paragraphs if each)


def _candidates(figures: dict[str, Any], where: Where, day: date) -> str:
    candidates, eligible = (value_of(figures, key) for key in ("candidates", "eligible"))
    to = "à cet appel" if where.call else "aux appels nationaux de l’État"
    words = wording.counted(candidates, "candidat", "candidats")
    verb = "ne compte" if not candidates else "compte"
    return (
        f"Au {wording.day(day)}, {where.sentence}, le registre national des PTCE {verb} {words} "
        f"{to}{_eligible(figures, candidates, eligible)}."
    )


def _eligible(figures: dict[str, Any], candidates: Decimal, eligible: Decimal) -> str:
    apart = next(each["apart"] for each in figures["figures"] if each["key"] == "eligible")
    unknown = next(
        (Decimal(each["number"]) for each in apart if each["why"] == Why.UNEXAMINED), Decimal()
    )
    if not candidates:
        return ""
    if unknown == candidates:
        return ", dont l’éligibilité n’est pas connue"
    said = "dont aucun n’est dit éligible"
    if eligible:
        said = f"dont {wording.counted(eligible, 'dit éligible', 'dits éligibles')}"
    if unknown:
        said += f"\u00a0; l’éligibilité de {wording.number(unknown)} n’est pas connue"
    return f", {said}"


def _decided(figures: dict[str, Any]) -> str:
    laureates, supported, engaged, paid = (
        value_of(figures, key) for key in ("laureates", "supported", "engaged", "paid")
    )
    named = [
        wording.counted(number, one, many)
        for number, one, many in (
            (laureates, "lauréat", "lauréats"),
            (supported, "accompagné", "accompagnés"),
        )
        if number
    ]
    if not named:
        said = "Aucun lauréat ni aucun accompagné n’est désigné à cette date"
    else:
        several = laureates + supported > 1
        said = (
            f"À cette date, {wording.listed(named)} {'sont désignés' if several else 'est désigné'}"
        )
        if not laureates:
            said += ", et aucun lauréat"
        elif not supported:
            said += ", et aucun accompagné"
    return f"{said}\u00a0; {_money(engaged, paid)}."


def _money(engaged: Decimal, paid: Decimal) -> str:
    def were(value: Decimal, done: str) -> str:
        return f"{wording.euros(value)} {f'sont {done}s' if value >= 2 else f'est {done}'}"

    if not engaged and not paid:
        return "aucun montant n’est engagé ni versé"
    if not paid:
        return f"{were(engaged, 'engagé')}, et aucun montant n’est versé"
    if not engaged:
        return f"aucun montant n’est engagé, et {were(paid, 'versé')}"
    return f"{were(engaged, 'engagé')} et {were(paid, 'versé')}"


def _poles(figures: dict[str, Any], where: Where) -> str:
    poles, recognised = (value_of(figures, key) for key in ("poles", "recognised"))
    among = "À la même date, "
    if where.call:
        among += "parmi les candidats à cet appel, "
    if not poles:
        return f"{among}aucun pôle n’est identifié."
    words = wording.counted(poles, "pôle", "pôles")
    are = "est identifié" if poles == 1 else "sont identifiés"
    which = f"dont {wording.number(recognised)} " if recognised else "dont aucun n’est "
    one = "reconnu" if recognised <= 1 else "reconnus"
    return f"{among}{words} {are}, {which}{one} {_ARTICLE_9}."


def _announced(figures: dict[str, Any], where: Where) -> str:
    told = [each for each in figures["figures"] if each["announced"] is not None]
    if not told:
        return "Aucun total n’a été annoncé pour ce périmètre."
    words = [_announcement(each) for each in told]
    calls = {one["call"] for each in told for one in each["announced_by"]}
    if where.call:
        who = "Pour cet appel, l’organisateur a annoncé"
    else:
        who = f"Pour {wording.number(len(calls))} de ces appels, l’État a annoncé"
    sources = sorted({one["source"] for each in told for one in each["announced_by"]} - {""})
    origin = f" (source\u00a0: {sources[0]})" if len(sources) == 1 else ""
    return " ".join([f"{who} {wording.listed(words)}{origin}.", *_of_announced(figures)])


def _announcement(figure: dict[str, Any]) -> str:
    named, number = BY_KEY[figure["key"]], Decimal(figure["announced"])
    if named.euros:
        return f"{wording.euros(number)} d’enveloppe"
    return wording.counted(number, named.one, named.many)


def _of_announced(figures: dict[str, Any]) -> list[str]:
    return [
        each
        for each in figures["notes"]
        if each.startswith(CALL_NOTE) or each == NO_POLES_ANNOUNCED
    ]


def _apart(figures: dict[str, Any]) -> str:
    lines = [
        f"–\u00a0{each['name']}\u00a0: {'\u00a0; '.join(one['words'] for one in each['apart'])}."
        for each in figures["figures"]
        if each["apart"]
    ]
    return "\n".join(["Ne sont pas comptés\u00a0:", *lines]) if lines else ""


def _definitions(figures: dict[str, Any]) -> str:
    others = [each for each in figures["notes"] if each not in _of_announced(figures)]
    said = [
        f"–\u00a0{each['name']}\u00a0: {each['definition'][0].lower()}{each['definition'][1:]}"
        for each in figures["figures"]
    ]
    return "\n".join([" ".join(["Définitions.", *others]), *said])


def _provenance(day: date, asked_at: datetime, edition: int) -> str:
    which = "première édition" if edition == 1 else f"{edition}e\u00a0édition"
    when = wording.moment(asked_at)
    said = f"Source\u00a0: registre national des PTCE, interrogé le {when}, {which}."
    if is_provisional(day, asked_at):
        said += " Ce jour-là n’était pas fini\u00a0: ces chiffres sont provisoires."
    return said


def is_provisional(day: date, asked_at: datetime) -> bool:
    """Whether the day was not over when it was asked about."""
    return day >= wording.paris_day(asked_at)
