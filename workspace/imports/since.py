"""A row exported before its record changed: what the file changed, over what others did."""

from collections.abc import Mapping

from poles.models import Pole
from poles.record.fields import Json
from poles.record.versions import NoSuchVersion, values_at
from workspace.imports.asking import KEEP, STALE, TAKE, Answers, Question
from workspace.imports.cells import CellError, quoted
from workspace.imports.row import RowChanges


def values_then(pole: Pole, number: int) -> dict[str, Json]:
    """What the record said when it was exported; raises CellError."""
    try:
        return values_at(pole, number)
    except NoSuchVersion as error:
        raise CellError(f"cette fiche n’a pas eu de version {number}") from error


def over_current(
    found: RowChanges,
    current: Mapping[str, Json],
    pole: Pole,
    number: int,
    answers: Answers,
) -> None:
    """Turns the changes made since version ``number`` into changes of the record as it is.

    What the file left as it was is left to others; what both changed is asked about. Raises
    `Undecided`.
    """
    crossed = []
    for key, (before, after) in list(found.changes.items()):
        now = current.get(key)
        if now == after:
            found.drop(key)
        elif now != before:
            crossed.append(key)
    if not crossed:
        return
    labels = list(dict.fromkeys(each["label"] for key in crossed for each in found.told_of(key)))
    question = Question(
        STALE,
        f"{pole.pk}:{number}",
        f"La fiche {quoted(pole.name)} et le fichier ont changé la même chose depuis l’export "
        f"({', '.join(labels) or 'position'}). La version exportée était la {number}, la fiche en "
        f"est à la {pole.version}.",
        [
            (TAKE, "Prendre ce que dit le fichier"),
            (KEEP, "Garder ce que dit la fiche, et importer le reste"),
        ],
    )
    takes = answers.to(question) == TAKE
    for key in crossed:
        if takes:
            found.changes[key] = (current.get(key), found.changes[key][1])
        else:
            found.drop(key)
