"""The names of organisations: what two spellings of one share."""

import re

from core.text import normalise

BRACKETED_ACRONYM = re.compile(r"^(?P<name>.*\S)\s*\((?P<acronym>[A-Z0-9][A-Z0-9&'’.-]{1,14})\)$")
_FORM = re.compile(
    r"^(?:association|scic(?: sa| sas| sarl)?|scop(?: sa| sas| sarl)?) (?!d |de |des |du |pour )"
)


def organisation_key(name: str) -> str:
    """What two spellings of one organisation share: neither its form nor a bracketed acronym.

    >>> organisation_key("Association Les Tracols") == organisation_key("les tracols")
    True
    >>> organisation_key("Association des mécanos havrais")
    'association des mecanos havrais'
    """
    found = BRACKETED_ACRONYM.match(name)
    bare = normalise(found["name"] if found else name)
    return _FORM.sub("", bare) or bare or name
