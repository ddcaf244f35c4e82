"""What a button of a section does to what is typed, without saving anything of it."""

from dataclasses import dataclass, field

from workspace.sections.base import Typed

ACTION = "action"
NEW = "nouveau"
KEPT = "Ce que vous avez saisi est gardé en brouillon, et n’est pas encore enregistré."


@dataclass
class Acted:
    """What the form then holds, and what the page is to show.

    ``ask``: what the page's address asks for; ``focus``: the row to lead the reader to; ``told``:
    what there is to know, in French.
    """

    typed: dict[str, list[str]]
    ask: dict[str, str] = field(default_factory=dict)
    focus: str = ""
    told: str = ""


def begun(typed: Typed) -> Acted:
    return Acted({name: list(values) for name, values in typed.items() if name != ACTION})


def take_away(acted: Acted, row: str) -> None:
    """A row that was to come does not."""
    acted.typed[NEW] = [each for each in acted.typed.get(NEW, []) if each != row]
    for name in [n for n in acted.typed if n.endswith(f"-{row}")]:
        del acted.typed[name]
