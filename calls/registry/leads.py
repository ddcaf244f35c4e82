"""What a « structure porteuse » cell says: an organisation, the pole itself, or only words."""

import re
from dataclasses import dataclass

from calls.registry.mapping import LeadEntry, Mapping
from core.text import normalise

# « Association des professionnels… » is a name; « Association Figeacteurs » a form and a name.
_FORM = re.compile(
    r"^(?P<type>(?i:association|scic|scop))(?:\s+(?:SA|SAS|SARL))?\s+"
    r"(?!de\b|des\b|du\b|d['’]|pour\b)(?P<name>\S.*)$"
)
_FORM_IN_NAME = re.compile(r"^association\b", re.IGNORECASE)
_COMMENT = re.compile(r"^(?P<name>.*\S)\s*\((?P<comment>[^()]*)\)$")
_ACRONYM = re.compile(r"[A-Z0-9][A-Z0-9&'’.-]{1,14}")
# Such a comment speaks of another time or of another structure: a person has to read it.
_ANOTHER_TIME = re.compile(
    r"\b(jusqu|origine|depart|puis|candidat\w*|ancien\w*|ex|devenue?|porte|portee)\b"
)
_POLE_WORDS = re.compile(r"^(?:(?:le|la|les|l|ptce|pole) )+")


@dataclass(frozen=True)
class Lead:
    treatment: str
    """``porteur``, ``pole`` (the pole's own legal person) or ``mots``."""
    name: str = ""
    type: str = ""
    legal_form: str = ""
    why: str = ""


def read_lead(cell: str, pole_name: str, mapping: Mapping) -> Lead:
    entry = mapping.leads.get(normalise(cell))
    if entry is not None:
        return _from_table(entry)
    name, type_word = cell, ""
    commented = _COMMENT.match(name)
    if commented and not _ACRONYM.fullmatch(commented["comment"]):
        comment = normalise(commented["comment"])
        if _ANOTHER_TIME.search(comment):
            return Lead("mots", why="la parenthèse parle d’un autre temps ou d’une autre structure")
        name = commented["name"]
        stated = mapping.member_types.get(comment)
        if stated is not None and stated.form:
            type_word = commented["comment"]
    formed = _FORM.match(name)
    if formed:
        form = formed["type"].lower()
        name, type_word = formed["name"], form if form == "association" else form.upper()
    elif _FORM_IN_NAME.match(name) and not type_word:
        type_word = "association"
    if _bare(name) in own_names(pole_name):
        if not type_word:
            return Lead("mots", why="le nom même du pôle, sans forme juridique")
        return Lead("pole", name, type_word, type_word)
    return Lead("porteur", name, type_word)


def _from_table(entry: LeadEntry) -> Lead:
    legal_form = entry.legal_form or (entry.type if entry.treatment == "pole" else "")
    return Lead(entry.treatment, entry.name, entry.type, legal_form, entry.why)


def own_names(pole_name: str) -> set[str]:
    """The names under which a legal person would be the pole itself."""
    names = {pole_name}
    commented = _COMMENT.match(pole_name)
    if commented:
        names |= {commented["name"], commented["comment"]}
    return {_bare(name) for name in names} - {""}


def _bare(name: str) -> str:
    bare = normalise(name)
    return _POLE_WORDS.sub("", bare) or bare
