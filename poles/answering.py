"""Whose proposals a person answers, reads, or made."""

from django.db.models import Q, QuerySet

from core.allowed import Allowed
from networks.models import User
from networks.permissions import can_publish, can_use_workspace, positions_of
from poles.keeping import can_write_organisation
from poles.models import Proposal, ProposalState


def can_answer(user: User, proposal: Proposal) -> Allowed:
    """Whoever may publish the record; of an organisation, whoever may change it at once."""
    if proposal.pole is not None:
        return can_publish(user, proposal.pole)
    assert proposal.organisation is not None  # noqa: S101
    return can_write_organisation(user, proposal.organisation)


def can_read(user: User, proposal: Proposal) -> Allowed:
    """Its author, those who answer it, and their colleagues."""
    usable = can_use_workspace(user)
    if not usable:
        return usable
    if proposal.author_id == user.pk or can_answer(user, proposal):
        return Allowed()
    if Proposal.objects.filter(_kept_by(user), pk=proposal.pk).exists():
        return Allowed()
    return Allowed("Cette proposition est lue par son auteur et par ceux qui y répondent.")


def to_answer(user: User) -> QuerySet[Proposal]:
    """The waiting ones that this person answers, or could once a record is taken in charge."""
    waiting = Proposal.objects.filter(state=ProposalState.WAITING)
    if user.is_officer:
        return waiting
    # A record is reached in several ways: its proposals are named once.
    kept = Proposal.objects.order_by().filter(_kept_by(user, managing=True))
    return waiting.filter(pk__in=kept.values("pk"))


def made_by(user: User) -> QuerySet[Proposal]:
    return Proposal.objects.filter(author=user)


def _kept_by(user: User, *, managing: bool = False) -> Q:
    """Those on a record of the person's networks, or that one of them could take in charge."""
    positions = [each for each in positions_of(user) if each.manages or not managing]
    networks = [each.network for each in positions]
    regions = {region for each in positions for region in each.regions}
    own = Q(pole__reference_network__in=networks)
    near = Q(pole__reference_network=None, pole__isnull=False) & (
        Q(pole__networks__in=networks)
        | Q(pole__seat__in=regions)
        | Q(pole__seat__region__in=regions)
        | Q(pole__seat=None, pole__coverage__in=regions)
        | Q(pole__seat=None, pole__coverage__region__in=regions)
    )
    members = Q(organisation__memberships__pole__reference_network__in=networks) | Q(
        organisation__poles_of_its_own__reference_network__in=networks
    )
    return own | near | members
