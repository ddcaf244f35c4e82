"""Who changed what in a record, when and why: one entry for each save, in sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.history import author
from core.moments import Event, Moment, Part, moments
from networks.people import names_of
from poles.models import (
    Membership,
    Merge,
    Pole,
    PoleCoverage,
    PoleFigures,
    PoleNetwork,
    PoleProject,
    PoleProjectMember,
    PoleSource,
    PoleTheme,
)
from poles.record.phrasing import Sentence
from poles.record.telling import told, wanted_by

_PROJECTS = PoleProject.pgh_event_model._meta.db_table  # type: ignore[attr-defined]
PARTS = (
    Part("pole", Pole, "pgh_obj_id"),
    Part("themes", PoleTheme, "pole_id"),
    Part("coverage", PoleCoverage, "pole_id"),
    Part("networks", PoleNetwork, "pole_id"),
    Part("members", Membership, "pole_id"),
    Part("projects", PoleProject, "pole_id"),
    Part(
        "project_members",
        PoleProjectMember,
        "poleproject_id",
        f"{{owner}} IN (SELECT pgh_obj_id FROM {_PROJECTS} WHERE pole_id = ANY(%(owners)s))",  # noqa: S608
    ),
    Part("figures", PoleFigures, "pole_id"),
    Part("sources", PoleSource, "pole_id"),
    Part("merges", Merge, "pole_id"),
    Part("merged", Merge, "merged_pole_id"),
)
ENTRIES_A_PAGE = 25
_FOLDED_AFTER = 8


@dataclass(frozen=True)
class Entry:
    """A save; ``version``: what the record came to then, None for a change of a merged record."""

    at: datetime
    who: str
    why: str
    sentences: list[Sentence]
    version: int | None

    @property
    def shown(self) -> list[Sentence]:
        return self.sentences[:_FOLDED_AFTER]

    @property
    def folded(self) -> list[Sentence]:
        """The rest of what a long save changed."""
        return self.sentences[_FOLDED_AFTER:]


def history_of(pole: Pole, page: int = 1) -> tuple[list[Entry], bool]:
    """The entries of a page, the latest first, and whether there are earlier ones.

    Two statements, one more for names of people and one for the names of what was erased.
    """
    found, more = page_of(PARTS, [pole.pk], page)
    texts = wanted_by(event for moment in found for event in moment.events)
    return entries(found, "pole", pole.pk, lambda events: told(events, texts, [pole.pk])), more


def page_of(
    parts: Sequence[Part], owners: Sequence[int], page: int, by: str = "max(pgh_id)"
) -> tuple[list[Moment], bool]:
    skip = ENTRIES_A_PAGE * (page - 1)
    found = moments(parts, owners, most=ENTRIES_A_PAGE + 1, skip=skip, by=by)
    return found[:ENTRIES_A_PAGE], len(found) > ENTRIES_A_PAGE


def entries(
    found: Sequence[Moment],
    part: str,
    record: int,
    tell: Callable[[Sequence[Event]], list[Sentence]],
) -> list[Entry]:
    """What ``tell`` says of each moment, if anything; ``part``: the one that holds the versions."""
    people = names_of(
        moment.context["user"]
        for moment in found
        if moment.context and moment.context.get("user") is not None
    )
    made = [
        Entry(
            moment.at,
            author(moment.context, people),
            (moment.context or {}).get("why", ""),
            tell(moment.events),
            _version(moment, part, record),
        )
        for moment in found
    ]
    return [entry for entry in made if entry.sentences]


def _version(moment: Moment, part: str, record: int) -> int | None:
    of_it = [e.after for e in moment.events if e.part == part and e.row == record and e.after]
    return of_it[-1]["version"] if of_it else None
