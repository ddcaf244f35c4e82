"""What a network has before an editor comes: a manager."""

from typing import Any

from networks.models import NetworkStaff, StaffRole, User


def editor_beside_a_manager(place: Any) -> str:
    """The role of an editor; where the network has no manager, someone whose account is closed."""
    network = place.network
    if not network.staff.filter(role=StaffRole.MANAGER).exists():
        closed = User.objects.create(email=f"ferme-{network.pk}@exemple.invalid", is_active=False)
        NetworkStaff.objects.create(network=network, user=closed, role=StaffRole.MANAGER)
    return StaffRole.EDITOR
