"""Two organisations become one: what names either names the one that stands."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from members.kinds import FACTS
from members.models import Organisation, PublicationStatus
from networks.models import User
from networks.permissions import can_merge_named
from poles.merging.choosing import choices, chosen, completed, grouped
from poles.merging.following import OF_ORGANISATIONS, follow, read_rows
from poles.merging.keeping import keep, write_values
from poles.merging.periods import Period, columns_of, settled
from poles.merging.plan import Plan, Told
from poles.merging.steps import Row, Step, delete, do, insert, update
from poles.merging.telling import followed_told, period_told
from poles.models import Merge, Pole
from poles.recognition import settle_broken
from poles.record.organisations import ORGANISATION_FIELDS, organisation_values
from poles.record.texts import Texts
from poles.record.writing import check_now, compare_periods_at_the_end, told_in_french

GROUPS = grouped(ORGANISATION_FIELDS, ("kind", *FACTS))
_LABEL, _MEMBERSHIP = "members.Organisation", "poles.Membership"
_MEMBERS, _PERSONS = "poles.Membership.organisation", "poles.Pole.legal_person"
ITSELF = "Une fiche n’est pas le double d’elle-même."
CHANGED = (
    "L’une des deux fiches a changé depuis l’aperçu\u00a0: relisez-le, il dit ce qu’elles disent "
    "maintenant."
)
_SIRENS = (
    "Leurs SIREN sont différents ({} et {})\u00a0: ce sont deux personnes morales, et non des "
    "doublons."
)
_OWN_PERSON = (
    "L’une est la personne morale du pôle «\u00a0{}\u00a0», dont l’autre est membre\u00a0: un pôle "
    "n’est jamais son propre membre. Corrigez d’abord sa fiche."
)
_MASKED = (
    "L’une des deux n’est pas diffusible\u00a0: celle qui reste ne le sera pas non plus, et le "
    "public ne lira pas son nom."
)


def plan_organisations(
    kept: Organisation, merged: Organisation, wished: Mapping[str, str] | None = None
) -> Plan:
    """What would be done; two statements, however many rows name them."""
    rows = read_rows(OF_ORGANISATIONS, (kept.pk, merged.pk), ("itself", _LABEL, "id"))
    plan = Plan()
    if kept.pk == merged.pk:
        plan.refusals.append(ITSELF)
        return plan
    _choose(plan, kept, merged, wished or {})
    _refuse(plan, kept, merged)
    poles = {row["pole_id"] for row in rows[_MEMBERS]} | {row["id"] for row in rows[_PERSONS]}
    texts = Texts([], also={Pole: poles})
    _own_persons(plan, rows, texts)
    _members(plan, rows[_MEMBERS], kept.pk, merged.pk, texts)
    followed = follow(OF_ORGANISATIONS, rows, kept.pk, merged.pk, erasing=True)
    plan.refusals += followed.clashes
    plan.steps += followed.steps
    told, spare = followed_told(OF_ORGANISATIONS, followed, texts)
    plan.moves += told
    plan.stays += spare
    itself = {row["id"]: row for row in rows["itself"]}
    plan.steps.append(delete(_LABEL, itself[merged.pk]))
    plan.steps.append(
        insert("members.OrganisationFormerSlug", slug=merged.slug, organisation_id=kept.pk)
    )
    completing = update(_LABEL, itself[kept.pk], **_beside(kept, merged))
    plan.steps += [completing] if completing else []
    return plan


def merge_organisations(
    kept: Organisation,
    merged: Organisation,
    *,
    by: User,
    reason: str,
    wished: Mapping[str, str] | None = None,
    seen: tuple[int, int] | None = None,
    regularising: bool = False,
) -> Merge:
    """Does it, in one transaction on the locked rows of both and of their poles.

    ``seen``: the versions of both that were read. Raises PermissionDenied, ValidationError for what
    refuses or has changed, and `BreaksRecognition`.
    """
    with pghistory.context(user=by.pk, why=reason.strip()), told_in_french():
        pair = lock_organisations(kept.pk, merged.pk)
        if set(pair) != {kept.pk, merged.pk}:
            raise ValidationError("L’une des deux organisations n’est plus dans le registre.")
        kept, merged = pair[kept.pk], pair[merged.pk]
        allowed = can_merge_named(by, poles_naming(kept.pk, merged.pk))
        if not allowed:
            raise PermissionDenied(allowed.reason)
        if seen is not None and seen != (kept.version, merged.version):
            raise ValidationError(CHANGED)
        plan = plan_organisations(kept, merged, wished)
        if plan.refusals:
            raise ValidationError(plan.refusals)
        if not reason.strip():
            raise ValidationError("Dites pourquoi ce sont des doublons.")
        compare_periods_at_the_end()
        steps = do(plan.steps)
        steps += write_values(kept, plan.values, ORGANISATION_FIELDS)
        made = keep(
            steps,
            by=by,
            reason=reason.strip(),
            organisation=kept.pk,
            merged_organisation=merged.pk,
            kept_name=kept.name,
            merged_name=merged.name,
        )
        settle_broken(regularising=regularising, officer=by, reason=reason.strip())
        check_now()
    return made


def poles_naming(*numbers: int) -> list[Pole]:
    """The poles that name any of those organisations, with who keeps them; three statements."""
    return list(
        Pole.objects.filter(_naming(numbers))
        .select_related("seat")
        .prefetch_related("networks", "coverage")
        .order_by("pk")
        .distinct()
    )


def _naming(numbers: tuple[int, ...]) -> Q:
    return (
        Q(pk__in=Pole.objects.filter(memberships__organisation__in=numbers).values("pk"))
        | Q(legal_person__in=numbers)
        | Q(pk__in=Pole.objects.filter(projects__members__in=numbers).values("pk"))
    )


def lock_organisations(*numbers: int) -> dict[int, Organisation]:
    """Their poles first, as every save of a pole does, then they; in the order of the numbers."""
    list(
        Pole.objects.select_for_update(of=("self",))
        .filter(_naming(numbers))
        .order_by("pk")
        .values_list("pk")
    )
    rows = Organisation.objects.select_for_update(of=("self",)).filter(pk__in=numbers)
    return {each.pk: each for each in rows.order_by("pk")}


def _choose(
    plan: Plan, kept: Organisation, merged: Organisation, wished: Mapping[str, str]
) -> None:
    mine, theirs = organisation_values(kept), organisation_values(merged)
    plan.choices = choices(GROUPS, mine, theirs, wished)
    values = chosen(plan.choices, mine, theirs)
    other = mine if "kind" in values or any(name in values for name in FACTS) else theirs
    values = completed(values, mine, other)
    plan.values = {name: value for name, value in values.items() if value != mine[name]}


def _refuse(plan: Plan, kept: Organisation, merged: Organisation) -> None:
    if kept.siren and merged.siren and kept.siren != merged.siren:
        plan.refusals.append(_SIRENS.format(kept.siren, merged.siren))
    if PublicationStatus.PARTIAL in {kept.publication_status, merged.publication_status}:
        plan.notes.append(_MASKED)


def _own_persons(plan: Plan, rows: Mapping[str, list[Row]], texts: Texts) -> None:
    persons = {row["id"] for row in rows[_PERSONS]}
    for pole in sorted({row["pole_id"] for row in rows[_MEMBERS]} & persons):
        plan.refusals.append(_OWN_PERSON.format(texts.name(Pole, pole)))


def _members(plan: Plan, rows: list[Row], kept: int, merged: int, texts: Texts) -> None:
    moves, joined = [], []
    for pole, of_it in sorted(_by_pole(rows).items()):
        mine = [row for row in of_it if row["organisation_id"] == kept]
        theirs = [row for row in of_it if row["organisation_id"] == merged]
        if not theirs:
            continue
        found = settled(mine, theirs)
        plan.steps += list(_steps(found.changed, found.new, found.spare, pole, kept))
        name = texts.name(Pole, pole)
        if found.spare or found.new:
            joined += [period_told(name, p) for _, p in found.changed]
            joined += [period_told(name, p) for p in found.new]
        else:
            came = [p for row, p in found.changed if row["organisation_id"] == merged]
            moves += [period_told(name, p) for p in came]
    if moves:
        plan.moves.append(Told(_many(len(moves), "participation"), tuple(moves)))
    if joined:
        plan.moves.append(
            Told("Participations des deux au même pôle, réunies sans perdre un jour", tuple(joined))
        )


def _steps(
    changed: list[tuple[Row, Period]], new: list[Period], spare: list[Row], pole: int, kept: int
) -> Iterator[Step]:
    yield from (delete(_MEMBERSHIP, row) for row in spare)
    for row, period in changed:
        step = update(_MEMBERSHIP, row, organisation_id=kept, **columns_of(period))
        if step is not None:
            yield step
    for period in new:
        yield insert(_MEMBERSHIP, pole_id=pole, organisation_id=kept, **columns_of(period))


def _by_pole(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["pole_id"]].append(row)
    return found


def _many(number: int, word: str) -> str:
    return f"{number}\u00a0{word}{'s' if number > 1 else ''}"


def _beside(kept: Organisation, merged: Organisation) -> Row:
    """What nobody chooses: the words of both, and the register's own columns."""
    masked = PublicationStatus.PARTIAL in {kept.publication_status, merged.publication_status}
    return {
        "legal_category": kept.legal_category or merged.legal_category,
        "publication_status": str(
            PublicationStatus.PARTIAL if masked else PublicationStatus.DIFFUSIBLE
        ),
        "source_words": list(dict.fromkeys([*kept.source_words, *merged.source_words])),
    }
