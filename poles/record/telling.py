"""What happened to a record, in sentences that a person understands."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from core.admin.values import shown
from core.moments import DELETE, INSERT, Event
from core.wording import marked
from members.models import Organisation
from networks.models import Network
from poles.models import PoleProject, Recognition, RecordState
from poles.record.fields import FIELDS, Field
from poles.record.groups import group_of
from poles.record.phrasing import Sentence, capital, day
from poles.record.telling_rows import (
    SETS,
    figures,
    link,
    member,
    merge,
    merged_away,
    project,
    source,
)
from poles.record.texts import Texts

# Kept beside the fields that people write: the words of the sources, the address of the page.
_OTHERS = ("slug", "theme_words", "maturity_words", "lead_words", "jobs_words")
FIELDS_TOLD = {**FIELDS, **{name: Field(name) for name in _OTHERS}}
_ORDER = (
    *("merges", "merged", "pole", "themes", "coverage", "members", "projects", "project_members"),
    *("figures", "networks", "sources"),
)
# Told by a sentence of their own.
_ACTS = {"confirmed_on", "members_confirmed_on", "contact_consent_on"}
# What differs of an event without its row saying another thing.
_OF_THE_EVENT = {
    *("version", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id"),
}
_CONTACT = "La personne à contacter a changé."
_GROUPS = {"latitude": "Position", "maturity": "Maturité"}
_RECOGNITION = (
    *("recognition", "recognition_on", "recognition_reason", "regularise_by", "heard_on"),
    *("exception_until", "exception_reason"),
)


def wanted_by(events: Iterable[Event]) -> Texts:
    """The names of all that ``events`` speak of."""
    values: list[dict[str, Any]] = []
    also: dict[Any, set[int]] = {}
    for event in events:
        for row in (event.before, event.after):
            if row is None:
                continue
            if event.part == "pole":
                values.append(
                    {name: row[field.column.attname] for name, field in _columns().items()}
                )
                also.setdefault(Network, set()).update({row["reference_network_id"]} - {None})
            elif event.part in SETS:
                model, column, *_ = SETS[event.part]
                also.setdefault(model, set()).add(row[column])
                if event.part == "project_members":
                    also.setdefault(PoleProject, set()).add(row["poleproject_id"])
            elif event.part == "members":
                also.setdefault(Organisation, set()).add(row["organisation_id"])
    return Texts(values, FIELDS_TOLD, also)


def _columns() -> dict[str, Field]:
    return {name: f for name, f in FIELDS_TOLD.items() if f.remembered and not f.many}


def told(events: Sequence[Event], texts: Texts, owners: Iterable[int]) -> list[Sentence]:
    """What the events of one moment say of the records ``owners``, in the order of a record."""
    mine = set(owners)
    sentences: list[Sentence] = []
    for part in _ORDER:
        of_part = [event for event in events if event.part == part]
        if part in SETS:
            sentences += link(part, of_part, texts)
        else:
            for event in of_part:
                sentences += _TELL[part](event, texts, mine)
    if not sentences and all(_only_moves(event) for event in events):
        # The history does not keep the name of a person, whose change moves the version all alone.
        return [Sentence(_CONTACT)]
    return sentences


def _only_moves(event: Event) -> bool:
    before, after = event.before, event.after
    if event.part != "pole" or before is None or after is None:
        return False
    return {name for name in after if after[name] != before.get(name)} <= _OF_THE_EVENT


def _pole(event: Event, texts: Texts, mine: set[int]) -> Iterator[Sentence]:
    if event.action == DELETE:
        yield Sentence("La fiche est effacée.")
        return
    if event.action == INSERT:
        yield Sentence("La fiche est créée.")
    before, after = event.before or {}, event.after or {}
    yield from _acts(event, before, after, texts)
    done: set[str] = set()
    for name, field in _columns().items():
        group = group_of(name)
        if name in _ACTS or name in done or not _differs(before, after, group):
            continue
        done.update(group)
        pair = [_in_words(group, field, row, texts) for row in (before, after)]
        if pair[0] != pair[1]:
            label = _GROUPS.get(group[0], capital(field.label))
            yield Sentence(label, tuple(marked(*pair)))


def _differs(before: dict[str, Any], after: dict[str, Any], group: Iterable[str]) -> bool:
    names = [FIELDS_TOLD[name].column.attname for name in group]
    return any(before.get(name) != after.get(name) for name in names)


def _in_words(group: tuple[str, ...], field: Field, row: dict[str, Any], texts: Texts) -> str:
    """The fields of a group in one text: « émergent, 2021 », « 47,21, -1,55, placée à la main »."""
    if group[0] == "latitude" and row.get("latitude") is None:
        return "celle du siège"
    if not row:
        return ""
    if len(group) == 1:
        return texts.of_column(field.column, row[field.column.attname])
    columns = [FIELDS_TOLD[name].column for name in group]
    shown_ones = [shown(column, row[column.attname]) for column in columns]
    return ", ".join(text for text in shown_ones if text)


def _acts(
    event: Event, before: dict[str, Any], after: dict[str, Any], texts: Texts
) -> Iterator[Sentence]:
    created = event.action == INSERT
    if event.changed("record_state") and not (
        created and after["record_state"] == RecordState.DRAFT
    ):
        yield Sentence(_state(after))
    if any(after[name] != before.get(name) for name in _RECOGNITION) and (
        not created or after["recognition"] != Recognition.NONE
    ):
        yield Sentence(_recognition(after))
    if after["confirmed_on"] and after["confirmed_on"] != before.get("confirmed_on"):
        yield Sentence(f"La fiche est confirmée, le {day(after['confirmed_on'])}.")
    if after["members_confirmed_on"] != before.get("members_confirmed_on"):
        yield Sentence(
            f"La liste des membres est confirmée complète, le {day(after['members_confirmed_on'])}."
            if after["members_confirmed_on"]
            else "La liste des membres n’est plus confirmée complète."
        )
    was, now = before.get("reference_network_id"), after["reference_network_id"]
    if now is not None and was != now:
        yield Sentence(f"{texts.name(Network, now)} devient le réseau de référence.")
    elif was is not None and was != now:
        yield Sentence(f"{texts.name(Network, was)} n’est plus le réseau de référence.")
    if after["contact_consent_on"] != before.get("contact_consent_on"):
        yield Sentence(_CONTACT)


def _state(after: dict[str, Any]) -> str:
    return {
        RecordState.DRAFT: "La fiche redevient un brouillon.",
        RecordState.SUBMITTED: "La fiche est soumise à publication.",
        RecordState.PUBLISHED: "La fiche est publiée.",
        RecordState.ARCHIVED: f"La fiche est archivée\u00a0: {after['archive_reason']}",
    }[RecordState(after["record_state"])]


def _recognition(after: dict[str, Any]) -> str:
    state = Recognition(after["recognition"])
    if state == Recognition.NONE:
        return "Le pôle n’est plus reconnu."
    why = f"\u00a0: {after['recognition_reason']}" if after["recognition_reason"] else "."
    on = f" le {day(after['recognition_on'])}"
    if state == Recognition.RECOGNISED:
        until = after["exception_until"]
        exception = f", par exception jusqu’au {day(until)}" if until else ""
        return f"Le pôle est reconnu{on}{exception}{why}"
    if state == Recognition.REGULARISATION:
        return f"Le pôle passe en régularisation{on}, jusqu’au {day(after['regularise_by'])}{why}"
    return f"La reconnaissance du pôle est retirée{on}{why}"


_TELL: dict[str, Callable[[Event, Texts, set[int]], Iterator[Sentence]]] = {
    "pole": _pole,
    "members": member,
    "projects": project,
    "figures": figures,
    "sources": source,
    "merges": merge,
    "merged": merged_away,
}
