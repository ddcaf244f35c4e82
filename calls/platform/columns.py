"""What is read of an export: its columns, known by their titles or by what an officer said."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.text import normalise

NOT_READ = ""


@dataclass(frozen=True)
class Column:
    """``titles``: normalised, those of the platform first; ``like``: a pattern of others."""

    key: str
    label: str
    titles: tuple[str, ...] = ()
    like: str = "$."


# The platform's own titles are those of its export in 2024; the others are an officer's form.
COLUMNS = {
    column.key: column
    for column in (
        Column(
            "file_number",
            "Numéro de dossier",
            ("id", "numero de dossier", "numero du dossier", "n de dossier", "dossier"),
        ),
        Column(
            "received_on",
            "Date de dépôt",
            ("depose le", "date de depot", "recu le", "date de reception"),
        ),
        Column(
            "siren",
            "SIRET ou SIREN du porteur",
            ("etablissement siret", "entreprise siren", "siret", "siren"),
            r"\bsir(et|en)\b",
        ),
        Column(
            "organisation",
            "Nom du porteur",
            ("entreprise raison sociale", "raison sociale", "association titre", "porteur"),
            r"\b(nom|denomination|raison sociale)\b.*\b(porteur|porteuse|structure|organisme)\b",
        ),
        Column(
            "pole_id",
            "Identifiant du pôle au registre",
            ("identifiant ptce", "numero ptce"),
            r"\b(identifiant|numero|code)\b.*\b(ptce|pole|registre)\b",
        ),
        Column(
            "pole",
            "Nom ou sigle du pôle",
            ("ptce", "pole", "nom du ptce", "nom du pole"),
            r"\b(nom|intitule|denomination|sigle)\b.*\b(ptce|pole|projet)\b",
        ),
        Column(
            "commune_code",
            "Commune du projet\u00a0: code INSEE",
            (),
            r"^(?!etablissement).*commune.*\binsee\b",
        ),
        Column(
            "departement",
            "Département du projet",
            (),
            r"^(?!etablissement).*\bdepartement\b",
        ),
        Column(
            "commune",
            "Commune du projet",
            ("commune", "communes"),
            r"^(?!etablissement).*\bcommune\b",
        ),
        Column(
            "requested_eur",
            "Montant demandé (euros)",
            ("montant demande", "subvention demandee"),
            r"\b(montant|subvention|aide)\b.*\b(demande|sollicit|souhait)",
        ),
        Column(
            "contact_email",
            "Adresse électronique de contact",
            ("adresse de contact", "courriel de contact", "email de contact", "email"),
            r"\b(e ?mail|courriel|electronique)\b.*\bcontact\b|\bcontact\b.*\b(e ?mail|courriel)\b",
        ),
        Column("wave", "Vague", ("vague", "session", "releve")),
        Column("strand", "Volet", ("volet", "volet demande"), r"\bvolet\b"),
    )
}
NEEDED = ("file_number",)


def title_keys(titles: Sequence[str]) -> list[str]:
    """How each title is remembered: of the same titles, the second is another."""
    seen: dict[str, int] = {}
    keys = []
    for title in titles:
        key = normalise(title[:200])
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key} {seen[key]}")
    return keys


def guess(
    titles: Sequence[str], remembered: Mapping[str, str], without: Iterable[str] = ()
) -> dict[int, str]:
    """The key of each column by position, once each: as it was said for the call, else as likely.

    ``without``: the keys that the call has no use for.
    """
    known = title_keys(titles)
    unused = set(without)
    guessed: dict[int, str] = {}
    for position, title in enumerate(known):
        key = remembered.get(title, NOT_READ)
        if key in COLUMNS and key not in unused:
            guessed[position] = key
            unused.add(key)
    free = [position for position, title in enumerate(known) if title and title not in remembered]
    for column in COLUMNS.values():
        if column.key in unused:
            continue
        found = _likeliest(column, [(at, known[at]) for at in free if at not in guessed])
        if found is not None:
            guessed[found] = column.key
    return guessed


def _likeliest(column: Column, titles: Iterable[tuple[int, str]]) -> int | None:
    by_title = {title: at for at, title in reversed(list(titles))}
    # What asks for a contact asks for it by name: the account's own address comes after.
    like = [at for title, at in by_title.items() if re.search(column.like, title)]
    exact = [by_title[title] for title in column.titles if title in by_title]
    if column.key == "contact_email":
        exact = like + exact
    return next(iter([*exact, *sorted(like)]), None)
