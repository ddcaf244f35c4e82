"""Two records of one pole become one: the double is archived, and its address leads to the other.

Its row stays, with whatever the kept record said already: nothing is erased.
"""

from collections import defaultdict
from collections.abc import Mapping

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError

from members.models import Organisation
from networks.models import User
from networks.permissions import can_merge
from poles.merging.choosing import choices, chosen, grouped
from poles.merging.following import OF_POLES, Followed, follow, read_rows
from poles.merging.keeping import keep, write_values
from poles.merging.organisations import CHANGED, ITSELF
from poles.merging.periods import Period, columns_of, period_of, settled
from poles.merging.plan import Plan, Told
from poles.merging.steps import Row, delete, do, insert, update
from poles.merging.telling import followed_told, named_by, period_told
from poles.models import MembershipRole, Merge, Pole, Recognition, RecordState
from poles.recognition import settle_broken
from poles.record.fields import FIELDS
from poles.record.groups import GROUPS as TOGETHER
from poles.record.texts import Texts
from poles.record.writing import check_now, compare_periods_at_the_end, told_in_french
from poles.record_notices import tell_of_merge

# Confirming is an act of its day, of the record as it was.
_ACTS = ("confirmed_on", "members_confirmed_on")
# Whoever agreed to be named on a record did not agree for another, nor in what a merge keeps.
_PERSON = ("contact_name", "contact_consent_on")
_NOT_CHOSEN = {*_ACTS, *_PERSON}
SCALARS = {
    name: field for name, field in FIELDS.items() if not field.many and name not in _NOT_CHOSEN
}
GROUPS = grouped(SCALARS, *TOGETHER)
_LABEL, _MEMBERSHIP, _MEMBERS = "poles.Pole", "poles.Membership", "poles.Membership.pole"
_RECOGNISED = (
    "«\u00a0{}\u00a0» porte une décision de reconnaissance\u00a0: c’est cette fiche qui doit "
    "rester. Gardez plutôt l’autre, ou demandez au ministère."
)
_ARCHIVED = "«\u00a0{}\u00a0» est archivée\u00a0: elle n’est le double de rien que l’on tienne."
_PUBLISHED = (
    "«\u00a0{}\u00a0» est publiée et l’autre ne l’est pas\u00a0: gardez plutôt celle-ci, pour que "
    "le public ne perde rien."
)
_OWN_PERSON = (
    "«\u00a0{}\u00a0» serait la personne morale du pôle et l’un de ses membres\u00a0: un pôle "
    "n’est jamais son propre membre. Corrigez d’abord l’une des fiches, ou choisissez autrement."
)
_CONTACT = (
    "La personne à contacter de «\u00a0{}\u00a0» n’est pas reprise\u00a0: elle n’a pas donné son "
    "accord pour «\u00a0{}\u00a0»."
)
_LED = "«\u00a0{}\u00a0» portait le double\u00a0: comme un pôle n’a qu’un porteur à la fois, "
_ACTIVE = "c’est un membre actif tant que l’autre porteur l’est."


def plan_poles(kept: Pole, merged: Pole, wished: Mapping[str, str] | None = None) -> Plan:
    """What would be done; three statements at most, however many rows the two have."""
    plan = Plan()
    if kept.pk == merged.pk:
        plan.refusals.append(ITSELF)
        return plan
    rows = read_rows(OF_POLES, (kept.pk, merged.pk), ("itself", _LABEL, "id"))
    mine, theirs = (
        {name: field.read(record) for name, field in SCALARS.items()} for record in (kept, merged)
    )
    plan.choices = choices(GROUPS, mine, theirs, wished or {})
    plan.values = chosen(plan.choices, mine, theirs)
    named = named_by(OF_POLES, rows)
    members = {row["organisation_id"] for row in rows[_MEMBERS]}
    texts = Texts([], also={**named, Organisation: members})
    _refuse(plan, kept, merged)
    person = plan.values.get("legal_person", mine["legal_person"])
    if person in members:
        plan.refusals.append(_OWN_PERSON.format(texts.name(Organisation, person)))
    _members(plan, rows[_MEMBERS], kept.pk, merged.pk, texts)
    followed = follow(OF_POLES, rows, kept.pk, merged.pk, erasing=False)
    _tell(plan, followed, texts)
    if merged.contact_name and not kept.contact_name:
        plan.notes.append(_CONTACT.format(merged.name, kept.name))
    itself = {row["id"]: row for row in rows["itself"]}
    gone = update(
        _LABEL,
        itself[merged.pk],
        record_state=str(RecordState.ARCHIVED),
        archive_reason=f"Réunie à la fiche «\u00a0{kept.name}\u00a0», dont elle était le double.",
        merged_into_id=kept.pk,
    )
    beside = update(_LABEL, itself[kept.pk], **_beside(itself[kept.pk], itself[merged.pk]))
    plan.steps += [step for step in (gone, beside) if step is not None]
    return plan


def merge_poles(
    kept: Pole,
    merged: Pole,
    *,
    by: User,
    reason: str,
    wished: Mapping[str, str] | None = None,
    seen: tuple[int, int] | None = None,
    regularising: bool = False,
) -> Merge:
    """Does it, in one transaction on the locked rows of both.

    ``seen``: the versions of both that were read. Raises PermissionDenied, ValidationError for what
    refuses or has changed, and `BreaksRecognition`.
    """
    reason = reason.strip()
    with pghistory.context(user=by.pk, why=reason), told_in_french():
        rows = Pole.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, merged.pk])
        pair = {each.pk: each for each in rows.order_by("pk")}
        if set(pair) != {kept.pk, merged.pk}:
            raise ValidationError("L’une des deux fiches n’est plus dans le registre.")
        kept, merged = pair[kept.pk], pair[merged.pk]
        allowed = can_merge(by, kept, merged)
        if not allowed:
            raise PermissionDenied(allowed.reason)
        if seen is not None and seen != (kept.version, merged.version):
            raise ValidationError(CHANGED)
        plan = plan_poles(kept, merged, wished)
        if plan.refusals:
            raise ValidationError(plan.refusals)
        if not reason:
            raise ValidationError("Dites pourquoi ce sont des doublons.")
        compare_periods_at_the_end()
        steps = do(plan.steps)
        steps += write_values(kept, plan.values, SCALARS)
        made = keep(
            steps,
            by=by,
            reason=reason,
            pole=kept,
            merged_pole=merged,
            kept_name=kept.name,
            merged_name=merged.name,
        )
        settle_broken(regularising=regularising, officer=by, reason=reason)
        tell_of_merge(kept, merged, by, reason)
        check_now()
    return made


def _refuse(plan: Plan, kept: Pole, merged: Pole) -> None:
    for pole in (kept, merged):
        if pole.record_state == RecordState.ARCHIVED:
            plan.refusals.append(_ARCHIVED.format(pole.name))
    if merged.recognition != Recognition.NONE:
        plan.refusals.append(_RECOGNISED.format(merged.name))
    if (merged.record_state, kept.record_state) in {
        (RecordState.PUBLISHED, RecordState.DRAFT),
        (RecordState.PUBLISHED, RecordState.SUBMITTED),
    }:
        plan.refusals.append(_PUBLISHED.format(merged.name))


def _members(plan: Plan, rows: list[Row], kept: int, merged: int, texts: Texts) -> None:
    """Members of both are one; a lead of the double leads where nobody else does."""
    by_member: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_member[row["organisation_id"]].append(row)
    leads = [row for row in rows if row["pole_id"] == kept and row["role"] == MembershipRole.LEAD]
    moves: list[str] = []
    joined: list[str] = []
    for member, of_it in sorted(by_member.items()):
        mine = [row for row in of_it if row["pole_id"] == kept]
        theirs = [row for row in of_it if row["pole_id"] == merged]
        if not theirs:
            continue
        led = [period_of(row) for row in leads if row["organisation_id"] != member]
        found = settled(mine, theirs, led)
        name = texts.name(Organisation, member)
        plan.steps += [delete(_MEMBERSHIP, row) for row in found.spare if row["pole_id"] == kept]
        for row, period in found.changed:
            step = update(_MEMBERSHIP, row, pole_id=kept, **columns_of(period))
            plan.steps += [step] if step else []
        for period in found.new:
            plan.steps.append(
                insert(_MEMBERSHIP, pole_id=kept, organisation_id=member, **columns_of(period))
            )
        if mine:
            made = [period for _, period in found.changed] + found.new
            joined += [period_told(name, period) for period in made]
        else:
            moves += [period_told(name, period) for _, period in found.changed]
        if _gives_way(theirs, led):
            plan.notes.append(_LED.format(name) + _ACTIVE)
    if moves:
        many = "s" if len(moves) > 1 else ""
        plan.moves.append(Told(f"{len(moves)}\u00a0participation{many}", tuple(moves)))
    if joined:
        plan.moves.append(
            Told(
                "Membres des deux, leurs participations réunies sans perdre un jour", tuple(joined)
            )
        )


def _gives_way(theirs: list[Row], led: list[Period]) -> bool:
    leads = [period_of(row) for row in theirs if row["role"] == MembershipRole.LEAD]
    return any(one.overlaps(other) for one in leads for other in led)


def _tell(plan: Plan, followed: Followed, texts: Texts) -> None:
    plan.refusals += followed.clashes
    plan.steps += followed.steps
    moves, stays = followed_told(OF_POLES, followed, texts)
    plan.moves += moves
    plan.stays += stays


def _beside(kept: Row, merged: Row) -> Row:
    """What nobody chooses: the words of the sources, and a network where none had the charge."""
    filled = ("maturity_words", "lead_words", "jobs_words", "reference_network_id")
    return {
        "theme_words": list(dict.fromkeys([*kept["theme_words"], *merged["theme_words"]])),
        **{name: kept[name] or merged[name] for name in filled},
    }
