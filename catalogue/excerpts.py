"""By what a pole answers: its name with the words marked, and the texts that hold them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString, mark_safe

from catalogue.search import MAX_LENGTH, Found, beginnings
from core.text import normalise

_START, _STOP = "\x02", "\x03"
_NAME = "nom"
_SHOWN = 2
_WHOLE = f"HighlightAll=true, StartSel={_START}, StopSel={_STOP}"
_PART = f"MaxFragments=1, MaxWords=16, MinWords=6, StartSel={_START}, StopSel={_STOP}"

# By what a pole is found, as catalogue/sql/refresh.sql has it; only the texts of which some word
# begins as one that was typed are worth the price of a headline. Where errors are forgiven the
# beginning may be the error: names and seats are then all tried.
_TEXTS = """
    WITH asked AS MATERIALIZED (SELECT {query}(%(words)s) AS query, %(beginnings)s AS beginning)
    SELECT found.pole_id, found.what, ts_headline('french_unaccent', found.text, asked.query,
        CASE WHEN found.prose THEN %(part)s ELSE %(whole)s END)
    FROM asked CROSS JOIN LATERAL (
        SELECT id AS pole_id, 0 AS place, 'nom' AS what, name AS text, false AS prose
        FROM poles_pole
        WHERE id = ANY (%(ids)s) AND ({forgiven} OR normalised_name ~ asked.beginning)
        UNION ALL
        SELECT pt.pole_id, 2, 'thème', t.name, false
        FROM poles_poletheme pt JOIN poles_theme t ON t.id = pt.theme_id
        WHERE pt.pole_id = ANY (%(ids)s) AND core_normalise(t.name) ~ asked.beginning
        UNION ALL
        SELECT p.id, 3, 'thème', words, false
        FROM poles_pole p CROSS JOIN unnest(p.theme_words) AS words
        WHERE p.id = ANY (%(ids)s) AND core_normalise(words) ~ asked.beginning
        UNION ALL
        SELECT m.pole_id, 4, 'membre', o.name, false
        FROM poles_membership m JOIN members_organisation o ON o.id = m.organisation_id
        WHERE m.pole_id = ANY (%(ids)s) AND o.publication_status <> 'P'
          AND (o.normalised_name ~ asked.beginning
            OR o.acronym <> '' AND core_normalise(o.acronym) ~ asked.beginning)
        UNION ALL
        SELECT p.id, 1, 'siège', concat_ws(', ', seat.name, departement.name, region.name), false
        FROM poles_pole p JOIN territories_territory seat ON seat.id = p.seat_id
        LEFT JOIN territories_territory departement ON departement.id = seat.departement_id
        LEFT JOIN territories_territory region ON region.id = seat.region_id
        WHERE p.id = ANY (%(ids)s) AND ({forgiven} OR concat_ws(' ', seat.normalised_name,
            departement.normalised_name, region.normalised_name) ~ asked.beginning)
        UNION ALL
        SELECT c.pole_id, 5, 'territoire d’action', t.name, false
        FROM poles_polecoverage c JOIN territories_territory t ON t.id = c.territory_id
        WHERE c.pole_id = ANY (%(ids)s) AND t.normalised_name ~ asked.beginning
        UNION ALL
        SELECT p.id, each.place, each.what, each.text, true
        FROM poles_pole p CROSS JOIN LATERAL (VALUES
            (6, 'territoire d’action', p.coverage_words), (7, 'résumé', p.summary),
            (8, 'structure porteuse', p.lead_words), (9, 'description', p.description)
        ) AS each (place, what, text)
        WHERE p.id = ANY (%(ids)s) AND core_normalise(each.text) ~ asked.beginning
    ) AS found
    ORDER BY found.pole_id, found.place, found.text
"""
_EXACT = _TEXTS.format(query="catalogue_query", forgiven="false")
_FORGIVING = _TEXTS.format(query="catalogue_forgiving_query", forgiven="true")


@dataclass(frozen=True)
class Excerpt:
    """A text that holds what was typed, escaped, with ``<mark>`` around the words."""

    what: str
    text: SafeString


@dataclass
class Answering:
    """Why a pole is among the results; ``name`` is None where it holds nothing that was typed."""

    name: SafeString | None = None
    excerpts: list[Excerpt] = field(default_factory=list)


def excerpts(typed: str, found: Found | None, poles: Sequence[int]) -> dict[int, Answering]:
    """Of each pole, by its number, its marked name and the first texts that hold the words.

    One text of a kind. One statement; none when nothing was typed.
    """
    words = normalise(typed[:MAX_LENGTH])
    if not words or not poles or found is None:
        return {}
    parameters: dict[str, Any] = {
        "words": words,
        "beginnings": beginnings(words),
        "ids": list(poles),
        "whole": _WHOLE,
        "part": _PART,
    }
    answering: dict[int, Answering] = defaultdict(Answering)
    with connection.cursor() as cursor:
        cursor.execute(_FORGIVING if found.forgiven else _EXACT, parameters)
        for pole, what, text in cursor.fetchall():
            if _START not in text:
                continue
            each = answering[pole]
            if what == _NAME:
                each.name = _marked(text)
            elif len(each.excerpts) < _SHOWN and what not in {e.what for e in each.excerpts}:
                each.excerpts.append(Excerpt(what, _marked(text)))
    return answering


def _marked(text: str) -> SafeString:
    return mark_safe(escape(text).replace(_START, "<mark>").replace(_STOP, "</mark>"))  # noqa: S308
