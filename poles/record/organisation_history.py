"""The history of an organisation: its facts with their evidence, and the poles that it is in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from core.admin.values import shown
from core.moments import DELETE, INSERT, Event, Part
from core.wording import marked
from members.models import FactEvidence, Organisation
from poles.merging.successors import merged_into
from poles.models import Membership, MembershipRole, Merge, Pole
from poles.record.fields import Field
from poles.record.history import Entry, entries, page_of
from poles.record.organisations import ORGANISATION_FIELDS, organisation_values
from poles.record.phrasing import Sentence, capital, day, period
from poles.record.telling_rows import merge, merged_away
from poles.record.texts import Texts
from poles.record.versions import NoSuchVersion, Version

PARTS = (
    Part("organisation", Organisation, "pgh_obj_id"),
    Part("evidence", FactEvidence, "organisation_id"),
    Part("members", Membership, "organisation_id"),
    Part("merges", Merge, "organisation"),
    Part("merged", Merge, "merged_organisation"),
)
_OTHERS = ("slug", "legal_category", "publication_status", "source_words")
_TOLD = {**ORGANISATION_FIELDS, **{name: Field(name, Organisation) for name in _OTHERS}}
_MERGES = ("merges", "merged")
_ASPECT, _ORIGIN = (FactEvidence._meta.get_field(name) for name in ("aspect", "origin"))


def history_of_organisation(organisation: Organisation, page: int = 1) -> tuple[list[Entry], bool]:
    """As `history_of` for a pole, with that of the doubles which it was merged with.

    The tables have no numbering in common: it is by the time.
    """
    owners = [organisation.pk, *merged_into(organisation.pk)]
    found, more = page_of(PARTS, owners, page, "pgh_created_at DESC, max(pgh_id)")
    texts = _wanted_by(event for moment in found for event in moment.events)

    def tell(events: Sequence[Event]) -> list[Sentence]:
        if any(event.part in _MERGES for event in events):
            # The row of the double went, or came back, with the merge that says so.
            events = [e for e in events if e.part != "organisation" or (e.before and e.after)]
        return [
            sentence
            for part, tell_one in _TELL.items()
            for event in events
            if event.part == part
            for sentence in _of_whom(event, organisation.pk, tell_one(event, texts))
        ]

    return entries(found, "organisation", organisation.pk, tell), more


def versions_of_organisation(organisation: Organisation, *numbers: int) -> list[Version]:
    """Those versions, in that order; one statement. Raises `NoSuchVersion`."""
    events = Organisation.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id=organisation.pk, version__in=numbers
    ).exclude(pgh_label=DELETE)
    known = {
        event.version: event for event in events.select_related("pgh_context").order_by("pgh_id")
    }
    missing = [number for number in numbers if number not in known]
    if missing:
        raise NoSuchVersion(missing[0])
    return [
        Version(
            number,
            known[number].pgh_created_at,
            known[number].pgh_context.metadata if known[number].pgh_context else None,
            number == organisation.version,
            {},
            organisation_values(known[number]),
        )
        for number in numbers
    ]


def _wanted_by(events: Iterator[Event]) -> Texts:
    values: list[dict[str, Any]] = []
    poles: set[int] = set()
    for event in events:
        for row in filter(None, (event.before, event.after)):
            if event.part == "organisation":
                values.append({name: row[field.column.attname] for name, field in _TOLD.items()})
            elif event.part == "members":
                poles.add(row["pole_id"])
    return Texts(values, _TOLD, {Pole: poles})


def _organisation(event: Event, texts: Texts) -> Iterator[Sentence]:
    if event.action == DELETE:
        yield Sentence("L’organisation est effacée.")
        return
    if event.action == INSERT:
        yield Sentence("L’organisation est créée.")
    for field in _TOLD.values():
        column = field.column
        pair = [
            texts.of_column(column, row[column.attname]) if row else ""
            for row in (event.before, event.after)
        ]
        if pair[0] != pair[1]:
            yield Sentence(capital(field.label), tuple(marked(*pair)))


def _evidence(event: Event, texts: Texts) -> Iterator[Sentence]:
    row = event.values
    known = ORGANISATION_FIELDS.get(row["aspect"])
    value = shown(known.column, row["value"]) if known else row["value"]
    what = f"{shown(_ASPECT, row['aspect'])} = {value} ({shown(_ORIGIN, row['origin'])}"
    when = f", le {day(row['stated_on'])}" if row["stated_on"] else ""
    verb = {INSERT: "ajoutée", DELETE: "retirée"}.get(event.action, "modifiée")
    if event.changed("aspect", "value", "origin", "source", "stated_on"):
        source = f"\u00a0: {row['source']}" if row["source"] else ""
        yield Sentence(f"Preuve {verb}\u00a0: {what}{when}){source}")


def _member(event: Event, texts: Texts) -> Iterator[Sentence]:
    row = event.values
    role = MembershipRole(row["role"]).label
    when = period(row["begins_on"], row["ends_on"])
    where = f"au pôle «\u00a0{texts.name(Pole, row['pole_id'])}\u00a0»"
    if event.action == INSERT:
        yield Sentence(f"Participation {where} ajoutée\u00a0: {role}{when}.")
    elif event.action == DELETE:
        yield Sentence(f"Participation {where} effacée ({role}{when}).")
    elif event.changed("organisation_id"):
        yield Sentence(f"Participation {where} reprise d’un double\u00a0: {role}{when}.")
    elif event.changed("role", "begins_on", "ends_on", "pole_id"):
        yield Sentence(f"Participation {where}\u00a0: désormais {role}{when}.")


def _merge(event: Event, texts: Texts) -> Iterator[Sentence]:
    return merge(event, texts, set())


def _merged(event: Event, texts: Texts) -> Iterator[Sentence]:
    return merged_away(event, texts, set())


def _of_whom(event: Event, standing: int, said: Iterator[Sentence]) -> Iterator[Sentence]:
    """What happened to a double before it was merged, with the name that it bore."""
    if event.part != "organisation" or event.row == standing:
        yield from said
        return
    for sentence in said:
        yield replace(sentence, text=f"«\u00a0{event.values['name']}\u00a0» – {sentence.text}")


_TELL: dict[str, Callable[[Event, Texts], Iterator[Sentence]]] = {
    "organisation": _organisation,
    "evidence": _evidence,
    "members": _member,
    "merges": _merge,
    "merged": _merged,
}
