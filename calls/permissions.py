"""Who does what in a call; each refusal with its reason in French."""

from django.db import connection

from calls.models import Application, CallNetwork, CallState
from core.allowed import Allowed
from networks.models import User
from networks.permissions import SIGN_IN, can_use_workspace, positions_of


def can_run_calls(user: User) -> Allowed:
    """Moving a call on, examining, deciding, paying: the ministry's."""
    if not (user.is_authenticated and user.is_active):
        return Allowed(SIGN_IN)
    if user.is_officer:
        return Allowed()
    return Allowed("Seul un agent du ministère conduit un appel à projets.")


def can_answer_questions(user: User) -> Allowed:
    """Asking the registry for figures that will be kept; reading them again is the admin's."""
    if not (user.is_authenticated and user.is_active):
        return Allowed(SIGN_IN)
    if user.is_officer:
        return Allowed()
    return Allowed("Seul un agent du ministère demande les chiffres d’une réponse.")


def can_see_opinions(user: User, application: Application) -> Allowed:
    """A file is shown to the networks that its call names where the pole is."""
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    if named_networks(user, application):
        return Allowed()
    return Allowed("Votre réseau n’est pas nommé pour cet appel dans la région de ce pôle.")


def can_give_opinion(user: User, application: Application, network: int) -> Allowed:
    """An opinion, for the network ``network``: named there, without any interest in the pole."""
    usable = can_use_workspace(user)
    if not usable:
        return usable
    if network not in named_networks(user, application):
        return Allowed("Ce réseau n’est pas nommé pour cet appel dans la région de ce pôle.")
    if application.decision != "inconnue" or application.step not in (
        CallState.OPEN,
        CallState.REVIEW,
    ):
        return Allowed("Un avis se donne, se change et se retire avant la décision.")
    conflict = conflict_of(user, network, application)
    if conflict:
        return Allowed(f"Conflit d’intérêts\u00a0: pas d’avis sur ce pôle. {conflict}")
    return Allowed()


def named_networks(user: User, application: Application) -> list[int]:
    """The networks of this person, or all for an officer, that may be asked about the pole."""
    named = CallNetwork.objects.filter(
        call_id=application.call_id, region__in=application.pole.scope().regions
    ).order_by("network_id")
    if not user.is_officer:
        named = named.filter(network__in=[each.network for each in positions_of(user)])
    return list(dict.fromkeys(named.values_list("network_id", flat=True)))


def conflict_of(user: User, network: int, application: Application) -> str:
    """Which interest the network, or another of this person's, has in the pole; "" if none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT calls_conflict(%s, %s, %s)", [user.pk, network, application.pole_id])
        found = cursor.fetchone()
    return found[0] or "" if found else ""
