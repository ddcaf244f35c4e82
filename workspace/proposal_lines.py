"""A proposal as its page shows it: each key with its value before and after, words marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.wording import Piece, marked
from members.models import Organisation
from poles.arrived import arrived_since
from poles.models import Pole, Proposal, ProposalState
from poles.proposals import MESSAGE, changes_of, to_decide
from poles.record import FIELDS, ORGANISATION_FIELDS, Change, Texts, organisation_values
from poles.record.fields import Json
from poles.record.writing import saved_values

ACCEPT, REFUSE = "accepter", "refuser"


@dataclass(frozen=True)
class Line:
    """``now``: what the record says where it is no more what the author read; else None.

    ``answer``: `ACCEPT`, `REFUSE` or empty. ``name``: of the field that decides it. ``arrived``:
    organisations that came meanwhile, and that may be the new one that it describes.
    """

    key: str
    name: str
    label: str
    pieces: list[Piece]
    before: str
    after: str
    now: str | None = None
    saved: Json = None
    done: bool = False
    answer: str = ""
    arrived: Sequence[Organisation] = ()

    @property
    def is_message(self) -> bool:
        return self.key == MESSAGE


def lines_of(proposal: Proposal, answers: Mapping[str, str] | None = None) -> list[Line]:
    """A statement for each model that the values name, and those that read what is saved now.

    ``answers``: what the person has chosen so far, by key.
    """
    chosen = answers or {}
    waiting = proposal.state == ProposalState.WAITING
    changes = changes_of(proposal)
    saved = _saved(proposal, changes) if waiting else {}
    sides = [
        {c.key: c.before for c in changes},
        {c.key: c.after for c in changes},
        {c.key: saved.get(c.key) for c in changes},
    ]
    fields = FIELDS if proposal.pole else ORGANISATION_FIELDS
    texts = Texts(sides, fields)
    arrived = arrived_since(proposal, changes) if waiting else {}
    found = []
    for change in changes:
        before, after = (
            _told(texts, change.key, change.before),
            _told(texts, change.key, change.after),
        )
        now = saved.get(change.key)
        crossed = waiting and now not in (change.before, change.after)
        label = texts.label(change.key, change.after or change.before)
        found.append(
            Line(
                change.key,
                f"reponse-{change.key}",
                label[:1].upper() + label[1:],
                marked(before, after),
                before,
                after,
                now=texts.text(change.key, now) if crossed else None,
                saved=now,
                done=waiting and now == change.after,
                answer=chosen.get(change.key, "") or _decided(proposal, change.key),
                arrived=arrived.get(change.key, ()),
            )
        )
    if MESSAGE in to_decide(proposal):
        answer = chosen.get(MESSAGE, "") or _decided(proposal, MESSAGE)
        told = proposal.message
        found.append(Line(MESSAGE, f"reponse-{MESSAGE}", "Message", [], "", told, answer=answer))
    return found


def _told(texts: Texts, key: str, value: Json) -> str:
    """The value in words; nothing for an empty one, of which there is no word to mark."""
    return "" if value in (None, "", []) else texts.text(key, value)


def _decided(proposal: Proposal, key: str) -> str:
    if proposal.state in {ProposalState.WAITING, ProposalState.WITHDRAWN}:
        return ""
    return ACCEPT if key in proposal.accepted else REFUSE


def _saved(proposal: Proposal, changes: Sequence[Change]) -> dict[str, Any]:
    subject = proposal.subject
    if isinstance(subject, Pole):
        return saved_values(subject, changes)
    return organisation_values(subject, proposal.changes)
