"""The rows of a record that came, changed or went, in sentences."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from core.admin.values import shown
from core.moments import DELETE, INSERT, Event
from core.wording import marked
from members.models import Organisation
from networks.models import Network
from poles.models import MembershipRole, PoleProject, Theme
from poles.record.phrasing import Sentence, capital, day, period
from poles.record.rows import COLLECTIONS
from poles.record.texts import Texts
from territories.models import Territory

SETS: dict[str, tuple[Any, str, str, str]] = {
    "themes": (Theme, "theme_id", "Thèmes ajoutés", "Thèmes retirés"),
    "coverage": (
        *(Territory, "territory_id"),
        *("Territoires d’action ajoutés", "Territoires d’action retirés"),
    ),
    "networks": (
        *(Network, "network_id"),
        *("Réseaux qui accompagnent désormais le pôle", "Réseaux qui ne l’accompagnent plus"),
    ),
    "project_members": (
        *(Organisation, "organisation_id"),
        *("nouveaux membres engagés", "ne sont plus engagés"),
    ),
}


def member(event: Event, texts: Texts, mine: set[int]) -> Iterator[Sentence]:
    row = event.values
    name = texts.name(Organisation, row["organisation_id"])
    role = MembershipRole(row["role"]).label
    when = period(row["begins_on"], row["ends_on"])
    if event.action == INSERT:
        came = f"a été {role}" if row["ends_on"] else f"a rejoint le pôle comme {role}"
        yield Sentence(f"{name} {came}{when}.")
    elif event.action == DELETE:
        yield Sentence(f"La participation de {name} est effacée ({role}{when}).")
    elif event.changed("pole_id"):
        way = "vient d’une autre fiche" if row["pole_id"] in mine else "passe à une autre fiche"
        yield Sentence(f"La participation de {name} ({role}{when}) {way}.")
    else:
        yield from _member_changed(event, name, texts)


def _member_changed(event: Event, name: str, texts: Texts) -> Iterator[Sentence]:
    before, after = event.before or {}, event.after or {}
    if event.changed("organisation_id"):
        was = texts.name(Organisation, before["organisation_id"])
        yield Sentence(f"La participation de {was} est désormais celle de {name}.")
    if event.changed("role"):
        was, now = (MembershipRole(row["role"]).label for row in (before, after))
        yield Sentence(f"{name}, {was}, devient {now}.")
    if event.changed("begins_on"):
        yield Sentence(_moved(f"{name} participe au pôle", "depuis le", before, after, "begins_on"))
    if event.changed("ends_on"):
        if before["ends_on"] is None:
            yield Sentence(f"{name} a quitté le pôle le {day(after['ends_on'])}.")
        elif after["ends_on"] is None:
            yield Sentence(
                f"{name} n’a pas quitté le pôle\u00a0: la fin, le {day(before['ends_on'])}, est "
                "retirée."
            )
        else:
            yield Sentence(_moved(f"{name} a quitté le pôle", "le", before, after, "ends_on"))
    if event.changed("source_words"):
        pieces = marked(before["source_words"], after["source_words"])
        yield Sentence(f"Mots de la source sur {name}", tuple(pieces))


def _moved(
    what: str, since: str, before: dict[str, Any], after: dict[str, Any], column: str
) -> str:
    was, now = before[column], after[column]
    if was is None:
        return f"{what} {since} {day(now)} (la date n’était pas connue)."
    if now is None:
        return f"{what} à une date que l’on ne connaît plus (c’était {since} {day(was)})."
    return f"{what} {since} {day(now)}, et non {since} {day(was)}."


def _row(collection: str, named: str, came: str, gone: str) -> Callable[..., Iterator[Sentence]]:
    """Tells of a project, of figures or of a source: its columns, or those that changed."""
    known = COLLECTIONS[collection]
    columns = [known.column(name) for name in known.columns[1:]]
    columns = [column for column in columns if not column.many_to_many]

    def tell(event: Event, texts: Texts, mine: set[int]) -> Iterator[Sentence]:
        name = event.values[known.columns[0]]
        if event.action == DELETE:
            yield Sentence(gone.format(name))
            return
        if event.action != INSERT and event.changed("pole_id"):
            comes = event.values["pole_id"] in mine
            way = "vient d’une autre fiche" if comes else "passe à une autre fiche"
            yield Sentence(f"{named.format(name)}\u00a0: {way}.")
            return
        if event.action != INSERT and event.changed(known.columns[0]):
            yield Sentence(
                capital(known.label),
                tuple(marked(str((event.before or {})[known.columns[0]]), str(name))),
            )
        if event.action == INSERT:
            yield Sentence(f"{came.format(name)}{_listed(columns, event.values)}")
            return
        for column in columns:
            pair = [
                shown(column, (row or {})[column.attname]) for row in (event.before, event.after)
            ]
            if pair[0] != pair[1]:
                label = f"{named.format(name)}, {column.verbose_name}"
                yield Sentence(label, tuple(marked(*pair)))

    return tell


def _listed(columns: Iterable[Any], row: dict[str, Any]) -> str:
    told_columns = [
        f"{column.verbose_name}\u00a0: {text}"
        for column in columns
        if (text := shown(column, row[column.attname])) and not column.name.endswith("_public")
    ]
    return f" ({'\u00a0; '.join(told_columns)})" if told_columns else ""


def merge(event: Event, texts: Texts, mine: set[int]) -> Iterator[Sentence]:
    """Of another record that came to be this one, or is no more."""
    row = event.values
    if event.action == INSERT:
        yield Sentence(
            f"«\u00a0{row['merged_name']}\u00a0», son double, y est réuni\u00a0: {row['reason']}"
        )
    elif event.changed("undone_at"):
        yield Sentence(
            f"«\u00a0{row['merged_name']}\u00a0» n’y est plus réuni\u00a0: {row['undone_reason']}"
        )


def merged_away(event: Event, texts: Texts, mine: set[int]) -> Iterator[Sentence]:
    """Of this record, that came to be another."""
    row = event.values
    if event.action == INSERT:
        yield Sentence(
            f"La fiche est réunie à «\u00a0{row['kept_name']}\u00a0»\u00a0: {row['reason']}"
        )
    elif event.changed("undone_at"):
        yield Sentence(
            f"La fiche n’est plus réunie à «\u00a0{row['kept_name']}\u00a0»\u00a0: "
            f"{row['undone_reason']}"
        )


def link(part: str, events: Sequence[Event], texts: Texts) -> Iterator[Sentence]:
    """What joined and what left a set, each in one sentence; of projects, for each."""
    model, column, come, gone = SETS[part]
    for project in dict.fromkeys(event.values.get("poleproject_id") for event in events):
        of_it = [event for event in events if event.values.get("poleproject_id") == project]
        rows = [
            [e.before[column] for e in of_it if e.before],
            [e.after[column] for e in of_it if e.after],
        ]
        left, joined = (
            sorted(texts.name(model, pk) for pk in {*some} - {*others})
            for some, others in (rows, rows[::-1])
        )
        prefix = ""
        if project is not None:
            prefix = f"Projet «\u00a0{texts.name(PoleProject, project)}\u00a0», "
        for words, names in ((come, joined), (gone, left)):
            if names:
                yield Sentence(f"{prefix}{words}\u00a0: {', '.join(names)}.")


project = _row(
    "projects",
    "Projet «\u00a0{}\u00a0»",
    "Nouveau projet «\u00a0{}\u00a0»",
    "Le projet «\u00a0{}\u00a0» est retiré.",
)
figures = _row(
    "figures",
    "Chiffres de {}",
    "Chiffres de {} ajoutés",
    "Les chiffres de {} sont retirés.",
)
source = _row("sources", "Source {}", "Source ajoutée\u00a0: {}", "La source {} est retirée.")
