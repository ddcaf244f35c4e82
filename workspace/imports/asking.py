"""What a person has to decide of an import, once for all the rows that it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

POLE, ORGANISATION, STALE, BROKEN = "pole", "organisation", "version", "rupture"
NEW, LEAVE, TAKE, KEEP = "nouveau", "laisser", "prendre", "garder"


@dataclass(frozen=True)
class Question:
    """``options``: the values that may be answered, and their words."""

    kind: str
    about: str
    text: str
    options: Sequence[tuple[str, str]]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}"[:400]


class Undecided(Exception):  # noqa: N818
    """A row waits for the answer to a question."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.text)
        self.question = question


class Answers:
    """What was answered so far, and what is asked now."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self.asked: dict[str, Question] = {}
        self.used: set[str] = set()

    def known(self, key: str) -> str:
        """The answer to a question that is asked again only without it."""
        answer = self._known.get(key, "")
        if answer:
            self.used.add(key)
        return answer

    def to(self, question: Question) -> str:
        """The answer; raises `Undecided` where there is none, or one that no longer holds."""
        self.asked.setdefault(question.key, question)
        answer = self._known.get(question.key, "")
        if answer not in dict(question.options):
            raise Undecided(question)
        return answer
