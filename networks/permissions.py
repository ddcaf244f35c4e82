"""Who may do what with a record, by the table of roles; each refusal with its reason in French.

The rooms above say of their objects who keeps them (`networks.scopes`); nothing here knows what a
pole is.
"""

from collections.abc import Iterable

from core.allowed import Allowed
from networks.models import User
from networks.scopes import Kept, Nearness, Position, nearness, positions_of


def _among(user: User, kept: Kept) -> list[tuple[Position, Nearness]]:
    scope = kept.scope()
    return [(position, nearness(position, scope)) for position in positions_of(user)]


ARCHIVED = "Cette fiche est archivée\u00a0: seul le ministère peut la reprendre."
SIGN_IN = "Connectez-vous pour continuer."
MERGED = (
    "Cette fiche est réunie à une autre, qui se change à sa place\u00a0; la fusion peut s’annuler."
)
NO_NETWORK = (
    "Votre compte n’appartient à aucun réseau\u00a0: demandez à un responsable de réseau ou au "
    "ministère de vous inviter."
)


AUDITS = "Un compte d’auditeur ne fait que lire\u00a0: il le fait dans l’administration."


def can_use_workspace(user: User) -> Allowed:
    """The workspace is for the staff of networks and for the ministry."""
    if not (user.is_authenticated and user.is_active):
        return Allowed(SIGN_IN)
    if user.is_officer or positions_of(user):
        return Allowed()
    return Allowed(AUDITS if user.is_auditor else NO_NETWORK)


def can_see(user: User, record: Kept) -> Allowed:
    """A published record is everyone's; another is seen by those who may write it."""
    scope = record.scope()
    if scope.published or can_write(user, record):
        return Allowed()
    # Nobody writes what was merged into another, and its keepers read what it said.
    near = any(near != Nearness.ELSEWHERE for _, near in _among(user, record))
    if scope.merged and can_use_workspace(user) and (user.is_officer or near):
        return Allowed()
    return Allowed("Cette fiche n’est pas publiée, et votre réseau n’en a pas la charge.")


def can_write(user: User, record: Kept) -> Allowed:
    """Whether a change of this person to the record is written at once, rather than proposed.

    Editors, and managers of a network that is near, write drafts; only a manager of the reference
    network, or an officer, changes what is published.
    """
    usable = can_use_workspace(user)
    if not usable:
        return usable
    scope = record.scope()
    if scope.merged:
        return Allowed(MERGED)
    if user.is_officer:
        return Allowed()
    if scope.archived:
        return Allowed(ARCHIVED)
    for position, near in _among(user, record):
        if near == Nearness.OWN and (position.manages or not scope.published):
            return Allowed()
        if near == Nearness.NEAR and not scope.published:
            return Allowed()
    if scope.published and any(near == Nearness.OWN for _, near in _among(user, record)):
        return Allowed(
            "La fiche est publiée\u00a0: votre changement est proposé au responsable de votre "
            "réseau."
        )
    return Allowed(
        "Votre réseau n’a pas la charge de cette fiche\u00a0: votre changement est proposé à celui "
        "qui en a la charge."
    )


def can_propose(user: User, record: Kept) -> Allowed:
    """Everyone may, on what is published; the public's proposals have their own page."""
    scope = record.scope()
    if scope.merged:
        return Allowed(MERGED)
    if scope.archived:
        return Allowed("Cette fiche est archivée\u00a0: elle ne se change plus.")
    if not scope.published and not can_write(user, record):
        return Allowed("Cette fiche n’est pas publiée, et votre réseau n’en a pas la charge.")
    return Allowed()


def can_submit(user: User, record: Kept) -> Allowed:
    """Whoever writes a draft may submit it."""
    if record.scope().published:
        return Allowed("Cette fiche est déjà publiée.")
    return can_write(user, record)


def can_publish(user: User, record: Kept) -> Allowed:
    """Publishing, refusing a submission, and answering proposals."""
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    if record.scope().archived:
        return Allowed(ARCHIVED)
    if any(p.manages and near == Nearness.OWN for p, near in _among(user, record)):
        return Allowed()
    if record.scope().reference is None:
        return Allowed(
            "Aucun réseau n’a encore la charge de cette fiche\u00a0: un responsable doit d’abord "
            "la prendre en charge."
        )
    return Allowed("Seul un responsable du réseau de référence, ou le ministère, peut le faire.")


def can_archive(user: User, record: Kept) -> Allowed:
    usable = can_use_workspace(user)
    if record.scope().merged:
        return Allowed(MERGED)
    if not usable or user.is_officer:
        return usable
    return Allowed("Seul le ministère archive une fiche ou la reprend.")


def can_confirm(user: User, record: Kept) -> Allowed:
    """Saying that the record is right, or that its list of members is complete: a change of it."""
    return can_write(user, record)


def can_comment(user: User, record: Kept) -> Allowed:
    """Comments are between those who keep the record, or could."""
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    if record.scope().archived:
        return Allowed(ARCHIVED)
    if any(near != Nearness.ELSEWHERE for _, near in _among(user, record)):
        return Allowed()
    return Allowed("Les commentaires d’une fiche sont entre ceux qui en ont la charge.")


def can_take_as_reference(user: User, record: Kept, network: int) -> Allowed:
    """A manager takes in charge a record of the network's régions, or that it accompanies."""
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    scope = record.scope()
    if scope.archived:
        return Allowed(ARCHIVED)
    if scope.reference is not None:
        return Allowed(
            "Un réseau a déjà la charge de cette fiche\u00a0: seul le ministère en décide."
        )
    for position, near in _among(user, record):
        if position.network == network and position.manages and near == Nearness.NEAR:
            return Allowed()
    return Allowed(
        "Un responsable peut prendre en charge les fiches des régions de son réseau, et celles "
        "que son réseau accompagne."
    )


def can_manage_colleagues(user: User, network: int) -> Allowed:
    """Inviting and removing the colleagues of a network."""
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    if any(p.network == network and p.manages for p in positions_of(user)):
        return Allowed()
    return Allowed("Seul un responsable du réseau, ou le ministère, invite et retire.")


def can_answer_access_requests(user: User) -> Allowed:
    if user.is_authenticated and user.is_officer:
        return Allowed()
    return Allowed("Seul un agent du ministère répond aux demandes d’accès.")


def can_see_reports(user: User, region: int | None) -> Allowed:
    """What the public reports of a région is read by the staff of its networks."""
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    if any(region in position.regions for position in positions_of(user)):
        return Allowed()
    return Allowed("Ce signalement est lu par les réseaux de sa région et par le ministère.")


def can_answer_reports(user: User, region: int | None) -> Allowed:
    seen = can_see_reports(user, region)
    if not seen or user.is_officer:
        return seen
    if any(p.manages and region in p.regions for p in positions_of(user)):
        return Allowed()
    return Allowed("Seul un responsable d’un réseau de la région, ou le ministère, y répond.")


def can_invite_officers(user: User) -> Allowed:
    if user.is_authenticated and user.is_administrator:
        return Allowed()
    return Allowed("Seul un administrateur invite au ministère.")


def can_reset_factor(user: User, person: User) -> Allowed:
    """Whose second factor is lost is helped by someone of at least their rights, never by oneself.

    Without it, an account is guarded by its password alone.
    """
    usable = can_use_workspace(user)
    if not usable:
        return usable
    if user.pk == person.pk:
        return Allowed("Demandez-le à un collègue\u00a0: nul ne retire son propre second facteur.")
    if user.is_administrator:
        return Allowed()
    if person.is_officer or person.is_auditor:
        return Allowed(
            "Le second facteur d’un agent du ministère est l’affaire d’un administrateur."
        )
    if user.is_officer:
        return Allowed()
    mine = {position.network for position in positions_of(user) if position.manages}
    if mine & {position.network for position in positions_of(person)}:
        return Allowed()
    return Allowed("Seul un responsable de son réseau, ou le ministère, peut le faire.")


def can_erase(user: User, person: User) -> Allowed:
    """One's own account, and for an administrator that of anyone."""
    if not (user.is_authenticated and user.is_active):
        return Allowed(SIGN_IN)
    if person.erased_at is not None:
        return Allowed("Ce compte est déjà effacé.")
    if user.pk == person.pk or user.is_administrator:
        return Allowed()
    return Allowed("Seul un administrateur efface le compte de quelqu’un d’autre.")


def can_take_data_of(user: User, person: User) -> Allowed:
    """All that is held of an account: for oneself, and for an administrator."""
    if not (user.is_authenticated and user.is_active):
        return Allowed(SIGN_IN)
    if user.pk == person.pk or user.is_administrator:
        return Allowed()
    return Allowed("Seul un administrateur prend les données du compte de quelqu’un d’autre.")


def can_answer_persons(user: User) -> Allowed:
    """Whoever asks what the registry holds of them is answered by the ministry."""
    if not (user.is_authenticated and user.is_active):
        return Allowed(SIGN_IN)
    if user.is_officer:
        return Allowed()
    return Allowed("Seul un agent du ministère répond de ce que le registre garde d’une personne.")


def needs_two_factors(user: User) -> bool:
    """Managers, officers, administrators and auditors sign in with a second factor."""
    return (
        user.is_officer
        or user.is_auditor
        or any(position.manages for position in positions_of(user))
    )


def can_create(user: User, network: int | None) -> Allowed:
    """A new record, with ``network`` as its reference; only officers make one without."""
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    if any(position.network == network for position in positions_of(user)):
        return Allowed()
    return Allowed("Une nouvelle fiche a pour réseau de référence l’un des vôtres.")


def can_merge(user: User, *records: Kept) -> Allowed:
    """Records become one, or two again, by whoever manages the reference network of each."""
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    scopes = [record.scope() for record in records]
    if any(scope.archived and not scope.merged for scope in scopes):
        return Allowed(ARCHIVED)
    managed = {position.network for position in positions_of(user) if position.manages}
    if all(scope.reference in managed for scope in scopes):
        return Allowed()
    return Allowed(
        "Réunir deux fiches demande de pouvoir publier l’une et l’autre\u00a0: un responsable de "
        "leur réseau de référence, ou le ministère, peut le faire."
    )


def can_merge_named(user: User, records: Iterable[Kept]) -> Allowed:
    """What ``records`` name becomes one: their keepers' affair, all of them."""
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    scopes = [record for record in records if not record.scope().archived]
    if not scopes:
        return Allowed(
            "Aucun pôle ne nomme ces organisations\u00a0: seul le ministère peut les réunir."
        )
    if all(can_write(user, record) for record in scopes):
        return Allowed()
    return Allowed(
        "L’une de ces organisations est dans un pôle dont d’autres tiennent la fiche\u00a0: "
        "demandez-leur, ou au ministère, de les réunir."
    )
