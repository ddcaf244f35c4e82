"""Article 9 beside the members: what their list, saved or not, makes of the composition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from members.models import Organisation
from poles.models import Pole
from poles.panel import Panel, panel_of
from poles.planned import Rows, assess_rows
from poles.sentences import question
from poles.settling import Question


@dataclass(frozen=True)
class Asked:
    """A question that is answered where it is read; of a row to come, in the row itself."""

    text: str
    organisation: int
    fact: str
    row: str = ""

    @property
    def yes(self) -> str:
        return f"{self.organisation}:{self.fact}:oui"

    @property
    def no(self) -> str:
        return f"{self.organisation}:{self.fact}:non"


def panel_context(
    pole: Pole, rows: Rows, organisations: Mapping[int, Organisation]
) -> dict[str, Any]:
    """What the panel's template reads; no statement."""
    panel = panel_of(assess_rows(pole, rows, organisations))
    return {
        "panel": panel,
        "asked": _asked(panel, list(rows)),
        "answer_form": "saisie_form",
    }


def _asked(panel: Panel, keys: list[str]) -> list[Asked]:
    day = panel.assessment.day
    return [_one(each, question(each, day), keys) for each in panel.asked]


def _one(each: Question, text: str, keys: list[str]) -> Asked:
    if each.member.key > 0:
        return Asked(text, each.member.key, each.fact)
    row = keys[-each.member.key - 1].rpartition("/")[2].replace("+", "n")
    return Asked(text, 0, each.fact, row)
