"""Who may do what, against the table of roles of the design, a word for each thing.

One line a place of the network towards the record, one column a state of the record; what is not
written is refused, with a reason in French.
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from core.allowed import Allowed
from networks import permissions
from networks.models import Network, User
from networks.scopes import Scope
from tests.factories import (
    NetworkFactory,
    NetworkRegionFactory,
    NetworkStaffFactory,
    RegionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

STATES = ("draft", "published", "archived")
NOTHING = ("", "", "")
READS = ("", "see propose", "")
PUBLIC = READS

WRITES_DRAFTS = "see write confirm submit propose comment unite"
EDITOR = (WRITES_DRAFTS, "see propose comment", "")
MANAGER_OF_OWN = (
    f"{WRITES_DRAFTS} publish merge",
    "see write confirm publish propose comment unite merge",
    "",
)
MANAGER_NEAR = (f"{WRITES_DRAFTS} take", "see propose comment take", "")
OFFICER = (
    f"{WRITES_DRAFTS} publish archive take merge",
    "see write confirm publish archive propose comment take unite merge",
    "see write confirm submit publish archive comment take unite merge",
)

# Role, and place of the network towards the record: its own, accompanied, of its région…
TABLE: dict[tuple[str, str], tuple[str, str, str]] = {
    ("editor", "own"): EDITOR,
    ("editor", "accompanied"): EDITOR,
    ("editor", "accompanied, kept by another"): EDITOR,
    ("editor", "région, kept by nobody"): EDITOR,
    ("editor", "région, kept by another"): READS,
    ("editor", "elsewhere"): READS,
    ("manager", "own"): MANAGER_OF_OWN,
    ("manager", "accompanied"): MANAGER_NEAR,
    # Nobody takes a record from who keeps it.
    ("manager", "accompanied, kept by another"): EDITOR,
    ("manager", "région, kept by nobody"): MANAGER_NEAR,
    ("manager", "région, kept by another"): READS,
    ("manager", "elsewhere"): READS,
    # A national network writes what it keeps or accompanies, in no région.
    ("editor of a national network", "own"): EDITOR,
    ("editor of a national network", "accompanied"): EDITOR,
    ("editor of a national network", "région, kept by nobody"): READS,
    ("editor of a national network", "elsewhere"): READS,
    ("manager of a national network", "own"): MANAGER_OF_OWN,
    ("manager of a national network", "accompanied"): MANAGER_NEAR,
    ("manager of a national network", "région, kept by nobody"): READS,
    ("manager of a national network", "elsewhere"): READS,
    **{("officer", place): OFFICER for place in ("own", "région, kept by nobody", "elsewhere")},
    **{("administrator", place): OFFICER for place in ("own", "elsewhere")},
    **{
        (who, place): PUBLIC
        for who in ("nobody", "account without network", "closed manager", "auditor")
        for place in ("own", "région, kept by nobody", "elsewhere")
    },
}


@dataclass(frozen=True)
class Record:
    kept: Scope

    def scope(self) -> Scope:
        return self.kept


class World:
    """A network with a région, or national, and one person of it."""

    def __init__(self, who: str) -> None:
        self.network: Network = NetworkFactory()
        self.other: Network = NetworkFactory()
        self.region, self.far = RegionFactory(), RegionFactory()
        if "national" not in who:
            NetworkRegionFactory(network=self.network, region=self.region)
        self.user: Any = self._person(who)

    def _person(self, who: str) -> Any:
        match who:
            case "nobody":
                return AnonymousUser()
            case "account without network":
                return UserFactory()
            case "officer" | "administrator" | "auditor":
                return UserFactory(**{who: True})
        role = {} if who.startswith("editor") else {"role": "responsable"}
        closed = who.startswith("closed")
        return NetworkStaffFactory(
            network=self.network, user=UserFactory(is_active=not closed), **role
        ).user

    def record(self, place: str, state: str) -> Record:
        reference = None
        if place == "own":
            reference = self.network.pk
        elif "another" in place or place == "elsewhere":
            reference = self.other.pk
        # A record of one's own is so wherever it is.
        region = self.region if place.startswith("région") else self.far
        return Record(
            Scope(
                reference=reference,
                accompanied_by=frozenset(
                    {self.network.pk} if place.startswith("accompanied") else ()
                ),
                regions=frozenset({region.pk}),
                published=state == "published",
                archived=state == "archived",
            )
        )


Predicate = Callable[[World, Record], Allowed]
OF_A_RECORD: dict[str, Predicate] = {
    "see": lambda w, record: permissions.can_see(w.user, record),
    "write": lambda w, record: permissions.can_write(w.user, record),
    "confirm": lambda w, record: permissions.can_confirm(w.user, record),
    "submit": lambda w, record: permissions.can_submit(w.user, record),
    "publish": lambda w, record: permissions.can_publish(w.user, record),
    "archive": lambda w, record: permissions.can_archive(w.user, record),
    "propose": lambda w, record: permissions.can_propose(w.user, record),
    "comment": lambda w, record: permissions.can_comment(w.user, record),
    "merge": lambda w, record: permissions.can_merge(w.user, record, record),
    # The organisations that the record names.
    "unite": lambda w, record: permissions.can_merge_named(w.user, [record]),
    "take": lambda w, record: permissions.can_take_as_reference(w.user, record, w.network.pk),
}


def is_reason(allowed: Allowed) -> bool:
    """A sentence in French, for the screen."""
    return bool(re.fullmatch(r"[A-ZÀÉÊ][^'\n]{15,}\.", allowed.reason)) and not re.search(
        r" [:;!?]", allowed.reason
    )


@pytest.mark.parametrize("who", sorted({who for who, _ in TABLE}))
def test_who_may_do_what_with_a_record(who: str) -> None:
    world = World(who)
    wrong, silent = [], []
    for (role, place), expected in TABLE.items():
        if role != who:
            continue
        for state, words in zip(STATES, expected, strict=True):
            record = world.record(place, state)
            answers = {name: may(world, record) for name, may in OF_A_RECORD.items()}
            found = " ".join(name for name, answer in answers.items() if answer)
            if set(found.split()) != set(words.split()):
                wrong.append(f"{place}, {state}: {found!r} rather than {words!r}")
            silent += [a.reason for a in answers.values() if not a and not is_reason(a)]
    assert wrong == []
    assert silent == []


def others() -> dict[str, Callable[[World], Allowed]]:
    return {
        "use the workspace": lambda w: permissions.can_use_workspace(w.user),
        "create for one's network": lambda w: permissions.can_create(w.user, w.network.pk),
        "create for another": lambda w: permissions.can_create(w.user, w.other.pk),
        "create for none": lambda w: permissions.can_create(w.user, None),
        "manage one's colleagues": lambda w: permissions.can_manage_colleagues(
            w.user, w.network.pk
        ),
        "manage those of another": lambda w: permissions.can_manage_colleagues(w.user, w.other.pk),
        "answer access requests": lambda w: permissions.can_answer_access_requests(w.user),
        "invite officers": lambda w: permissions.can_invite_officers(w.user),
        "see reports of the région": lambda w: permissions.can_see_reports(w.user, w.region.pk),
        "answer reports of the région": lambda w: permissions.can_answer_reports(
            w.user, w.region.pk
        ),
        "see reports of elsewhere": lambda w: permissions.can_see_reports(w.user, w.far.pk),
        "answer reports of elsewhere": lambda w: permissions.can_answer_reports(w.user, w.far.pk),
        "see reports of nowhere": lambda w: permissions.can_see_reports(w.user, None),
        "erase someone": lambda w: permissions.can_erase(w.user, UserFactory()),
        "take the data of someone": lambda w: permissions.can_take_data_of(w.user, UserFactory()),
        "answer persons": lambda w: permissions.can_answer_persons(w.user),
        "help an officer who lost a factor": lambda w: permissions.can_reset_factor(
            w.user, UserFactory(officer=True)
        ),
        "help an auditor who lost a factor": lambda w: permissions.can_reset_factor(
            w.user, UserFactory(auditor=True)
        ),
        "help a colleague who lost a factor": lambda w: permissions.can_reset_factor(
            w.user, NetworkStaffFactory(network=w.network).user
        ),
        "help someone else who lost a factor": lambda w: permissions.can_reset_factor(
            w.user, NetworkStaffFactory(network=w.other).user
        ),
    }


IN_A_NETWORK = {"use the workspace", "create for one's network"}
IN_A_REGION = {*IN_A_NETWORK, "see reports of the région"}
MANAGES = {"manage one's colleagues", "help a colleague who lost a factor"}
ALL = set(others())
OF_ADMINISTRATORS = {
    *("invite officers", "erase someone", "take the data of someone"),
    "help an officer who lost a factor",
    "help an auditor who lost a factor",
}
BESIDES: dict[str, set[str]] = {
    "nobody": set(),
    "account without network": set(),
    "closed manager": set(),
    "auditor": set(),
    "editor": IN_A_REGION,
    "editor of a national network": IN_A_NETWORK,
    "manager": {*IN_A_REGION, *MANAGES, "answer reports of the région"},
    "manager of a national network": IN_A_NETWORK | MANAGES,
    "officer": ALL - OF_ADMINISTRATORS,
    "administrator": ALL,
}


@pytest.mark.parametrize("who", BESIDES)
def test_who_may_do_what_besides(who: str) -> None:
    world = World(who)
    answers = {name: may(world) for name, may in others().items()}
    assert {name for name, answer in answers.items() if answer} == BESIDES[who]
    assert [a.reason for a in answers.values() if not a and not is_reason(a)] == []


def test_every_predicate_is_in_a_table() -> None:
    named = {name for name in vars(permissions) if name.startswith("can_")}
    source = re.findall(r"permissions\.(can_\w+)", Path(__file__).read_text(encoding="utf-8"))
    assert named == set(source)


def test_two_networks_give_the_rights_of_both() -> None:
    world = World("editor")
    NetworkStaffFactory(network=world.other, user=world.user, role="responsable")
    user = User.objects.get(pk=world.user.pk)
    mine, theirs = world.record("own", "published"), world.record("elsewhere", "published")
    assert not permissions.can_publish(user, mine)
    assert permissions.can_publish(user, theirs)


def test_more_is_never_less() -> None:
    """A manager may all that an editor may; an officer all that a manager may, and so on."""
    ladder = ("editor", "manager", "officer", "administrator")
    for lower, upper in itertools.pairwise(ladder):
        for place in ("own", "elsewhere"):
            for low, high in zip(TABLE[lower, place], TABLE[upper, place], strict=True):
                assert set(low.split()) <= set(high.split())
        assert BESIDES[lower] <= BESIDES[upper]
