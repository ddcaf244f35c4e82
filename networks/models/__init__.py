from networks.models.access import AccessRequest, AccessState
from networks.models.invitations import FactorReset, Invitation
from networks.models.networks import (
    Network,
    NetworkKind,
    NetworkRegion,
    NetworkStaff,
    StaffRole,
)
from networks.models.notices import Notice, NoticeChoice, NoticePreference
from networks.models.people import AddressField, Role, User, UserManager

__all__ = [
    "AccessRequest",
    "AccessState",
    "AddressField",
    "FactorReset",
    "Invitation",
    "Network",
    "NetworkKind",
    "NetworkRegion",
    "NetworkStaff",
    "Notice",
    "NoticeChoice",
    "NoticePreference",
    "Role",
    "StaffRole",
    "User",
    "UserManager",
]
