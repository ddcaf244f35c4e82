"""The facts that an answer counts: three statements, whatever there is.

What nobody dated had come at the latest on the day of its first recording, which the history tells.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from calls.answers.counting import Facts
from calls.answers.facts import Announced, FileFacts, Place, PoleFacts, Span, first, last
from calls.models import CallKind

_FILES = """
WITH firsts AS (
    SELECT e.pgh_obj_id AS id, min(e.pgh_created_at) AS came,
        min(e.pgh_created_at) FILTER (WHERE e.decision = a.decision) AS decided,
        min(e.pgh_created_at) FILTER (WHERE e.eligible) AS eligible
    FROM calls_applicationevent e JOIN calls_application a ON a.id = e.pgh_obj_id
    GROUP BY e.pgh_obj_id),
said AS (
    SELECT application_id AS id, array_agg(conclusion ORDER BY recorded_at, id) AS conclusions,
        array_agg((recorded_at AT TIME ZONE 'Europe/Paris')::date ORDER BY recorded_at, id) AS days
    FROM calls_examination WHERE subject = 'eligibilite' GROUP BY application_id),
paid AS (
    SELECT application_id AS id, sum(amount_eur) AS euros FROM calls_instalment
    WHERE state = 'verse' AND paid_on <= %(day)s GROUP BY application_id)
SELECT a.call_id AS call, a.pole_id AS pole, c.kind = %(state)s AS of_state,
    a.received_on, a.eligible, a.decision, a.decided_on, a.amount_eur, c.permanent,
    coalesce(w.opens_on, c.opens_on) AS opens_on,
    w.closes_on AS wave_closes_on, c.closes_on, coalesce(w.results_on, c.results_on) AS results_on,
    NOT c.run_in_registry OR coalesce(
        CASE WHEN c.permanent THEN w.state ELSE c.state END IN ('decide', 'clos'), false) AS told,
    (f.came AT TIME ZONE 'Europe/Paris')::date AS came_on,
    (f.decided AT TIME ZONE 'Europe/Paris')::date AS decision_came_on,
    (f.eligible AT TIME ZONE 'Europe/Paris')::date AS eligible_came_on,
    s.conclusions, s.days, coalesce(p.euros, 0) AS paid
FROM calls_application a
JOIN calls_call c ON c.id = a.call_id
LEFT JOIN calls_wave w ON w.id = a.wave_id
LEFT JOIN firsts f ON f.id = a.id
LEFT JOIN said s ON s.id = a.id
LEFT JOIN paid p ON p.id = a.id
"""

# What a pole's row says of its recognition comes after the decisions of the same day.
_POLES = """
WITH themes AS (
    SELECT l.pole_id AS id, array_agg(t.slug) AS slugs
    FROM poles_poletheme l JOIN poles_theme t ON t.id = l.theme_id GROUP BY l.pole_id),
decided AS (
    SELECT DISTINCT ON (pole_id) pole_id AS id, state, decided_on FROM poles_recognitiondecision
    WHERE decided_on <= %(day)s ORDER BY pole_id, decided_on DESC, id DESC)
SELECT p.id AS pole, p.record_state = 'publie' AS published, p.founding_year, p.closed_on,
    p.maturity = 'clos' AS is_closed, p.maturity_year,
    CASE seat.kind WHEN 'region' THEN seat.code ELSE region.code END AS region,
    CASE seat.kind WHEN 'departement' THEN seat.code ELSE departement.code END AS departement,
    t.slugs, (p.created_at AT TIME ZONE 'Europe/Paris')::date AS came_on,
    closing.came_on AS closing_came_on,
    CASE WHEN p.recognition <> 'aucune' AND p.recognition_on <= %(day)s
            AND (d.decided_on IS NULL OR d.decided_on <= p.recognition_on)
        THEN p.recognition ELSE coalesce(d.state, 'aucune') END AS recognition
FROM poles_pole p
LEFT JOIN territories_territory seat ON seat.id = p.seat_id
LEFT JOIN territories_territory region ON region.id = seat.region_id
LEFT JOIN territories_territory departement ON departement.id = seat.departement_id
LEFT JOIN themes t ON t.id = p.id
LEFT JOIN decided d ON d.id = p.id
LEFT JOIN LATERAL (
    SELECT (min(e.pgh_created_at) AT TIME ZONE 'Europe/Paris')::date AS came_on
    FROM poles_poleevent e WHERE e.pgh_obj_id = p.id AND e.maturity = 'clos'
) closing ON p.maturity = 'clos' AND p.closed_on IS NULL
WHERE p.record_state = 'publie' OR p.id IN (SELECT pole_id FROM calls_application)
"""

_CALLS = """
SELECT c.id AS call, c.name, c.kind = %(state)s AS of_state, c.opens_on, c.closes_on, c.results_on,
    c.announced_candidates AS candidates, c.announced_laureates AS laureates,
    c.announced_supported AS supported, c.envelope_eur AS engaged, c.source_url AS source, c.note,
    (f.came AT TIME ZONE 'Europe/Paris')::date AS came_on
FROM calls_call c
LEFT JOIN (
    SELECT pgh_obj_id AS id, min(pgh_created_at) AS came FROM calls_callevent GROUP BY pgh_obj_id
) f ON f.id = c.id
ORDER BY c.code
"""


def facts_of(day: date) -> Facts:
    given = {"day": day, "state": CallKind.STATE.value}
    return Facts(
        files=[_file(row) for row in _rows(_FILES, given)],
        poles=[_pole(row) for row in _rows(_POLES, given)],
        announced=[_announced(row) for row in _rows(_CALLS, given)],
    )


def _rows(sql: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _file(row: dict[str, Any]) -> FileFacts:
    # A permanent call has no day by which all of its files are in.
    closing = row["wave_closes_on"] or (None if row["permanent"] else row["closes_on"])
    received_on = row["received_on"]
    decided_on = row["decided_on"] or row["results_on"]
    if decided_on is not None:
        decided = Span.on(decided_on)
    else:
        decided = Span(last(received_on, row["opens_on"], closing), row["decision_came_on"])
    if received_on is not None:
        received = Span.on(received_on)
    else:
        answered = decided.latest if row["decision"] != "inconnue" else None
        received = Span(row["opens_on"], first(closing, answered, row["came_on"]))
    return FileFacts(
        call=row["call"],
        pole=row["pole"],
        of_state=row["of_state"],
        received=received,
        eligible=_eligible(row, received, decided) if row["eligible"] else None,
        examined=row["eligible"] is not None,
        decision=row["decision"],
        decided=decided,
        told=row["told"],
        amount=row["amount_eur"],
        paid=Decimal(row["paid"]),
    )


def _eligible(row: dict[str, Any], received: Span, decided: Span) -> Span:
    """Since it was last found so by an officer; else between what came before and after."""
    since = None
    for conclusion, day in zip(row["conclusions"] or (), row["days"] or (), strict=True):
        since = (since or day) if conclusion else None
    if since is not None:
        return Span.on(since)
    answered = decided.latest if row["decision"] in ("laureat", "accompagne") else None
    return Span(received.earliest, first(answered, row["eligible_came_on"]))


def _pole(row: dict[str, Any]) -> PoleFacts:
    return PoleFacts(
        pole=row["pole"],
        place=Place(row["region"] or "", row["departement"] or "", frozenset(row["slugs"] or ())),
        published=row["published"],
        founded=_year(row["founding_year"], row["came_on"]),
        dated=row["founding_year"] is not None,
        closed=_closed(row),
        recognition=row["recognition"],
    )


def _closed(row: dict[str, Any]) -> Span | None:
    if row["closed_on"] is not None:
        return Span.on(row["closed_on"])
    if not row["is_closed"]:
        return None
    # The source of that year found it closed already.
    said = _year(row["maturity_year"], row["closing_came_on"])
    return Span(None, said.latest)


def _year(year: int | None, came_on: date | None) -> Span:
    """Within the year, and not after what was recorded of it, unless it was to come then."""
    if year is None:
        return Span(None, came_on)
    begins, ends = date(year, 1, 1), date(year, 12, 31)
    return Span(begins, min(ends, came_on) if came_on and came_on >= begins else ends)


def _announced(row: dict[str, Any]) -> Announced:
    opens_on, results_on = row["opens_on"], row["results_on"]
    latest = first(row["closes_on"], results_on, row["came_on"])
    return Announced(
        on=Span.on(results_on) if results_on else Span(opens_on, row["came_on"]),
        opened=Span.on(opens_on) if opens_on else Span(None, latest),
        **{
            name: row[name]
            for name in (
                "call",
                "name",
                "of_state",
                "candidates",
                "laureates",
                "supported",
                "engaged",
                "source",
                "note",
            )
        },
    )
