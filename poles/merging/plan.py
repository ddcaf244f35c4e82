"""What a merge would do, told before it is done."""

from dataclasses import dataclass, field

from poles.merging.choosing import Choice
from poles.merging.steps import Step
from poles.record.fields import Json


@dataclass(frozen=True)
class Told:
    """Rows of one sort: how many, in words, and the names of those that have one."""

    words: str
    names: tuple[str, ...] = ()


@dataclass
class Plan:
    """``steps``: before the fields are written; ``values``: of the fields of the kept record.

    ``moves``, ``stays``: what follows and what does not; ``notes``: what else is to be known;
    ``refusals``: why it cannot be done.
    """

    steps: list[Step] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    values: dict[str, Json] = field(default_factory=dict)
    moves: list[Told] = field(default_factory=list)
    stays: list[Told] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
