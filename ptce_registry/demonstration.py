"""What a demonstration holds: the real data, and one account for each role."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction

from networks.models import Network, NetworkStaff, Role, StaffRole, User
from poles.models import Pole
from territories.models import Territory

_STATE = "etat.json"
# A name that no one can own: https://www.rfc-editor.org/rfc/rfc2606
_DOMAIN = "demonstration.example"


@dataclass(frozen=True)
class DemoAccount:
    label: str
    email: str
    role: Role
    staff_role: StaffRole | None = None


ACCOUNTS = [
    DemoAccount("rédaction d’un réseau", f"redaction@{_DOMAIN}", Role.NETWORK, StaffRole.EDITOR),
    DemoAccount(
        "responsable d’un réseau", f"responsable@{_DOMAIN}", Role.NETWORK, StaffRole.MANAGER
    ),
    DemoAccount("agent du ministère", f"agent@{_DOMAIN}", Role.OFFICER),
    DemoAccount("administration", f"administration@{_DOMAIN}", Role.ADMINISTRATOR),
    DemoAccount("auditeur", f"audit@{_DOMAIN}", Role.AUDITOR),
]


class Demonstration:
    """The demonstration of this checkout in the current database."""

    def __init__(self) -> None:
        self.folder = Path(settings.DEMO_DIR)
        self.folder.mkdir(exist_ok=True)
        self._state_file = self.folder / _STATE

    def load_territories(self) -> bool:
        return self._load("load_territories", "territories", Territory.objects.exists())

    def load_registry(self) -> bool:
        return self._load("load_registry", "registry", Pole.objects.exists())

    def make_up_poles(self, size: int) -> bool:
        """As many made-up poles as asked, unless this database has them."""
        if self._known().get("size") == size:
            return False
        self._call("demo", size=size)
        self._remember(size=size)
        return True

    def make_accounts(self) -> str:
        """The accounts of every role; returns their password, kept from one start to the next."""
        known = self._known()
        kept = known.get("accounts", {})
        confirmed = EmailAddress.objects.filter(
            verified=True, primary=True, user__authenticator__type=Authenticator.Type.TOTP
        )
        stored = dict(confirmed.values_list("user__email", "user__password"))
        if kept and all(stored.get(account.email) == kept["hash"] for account in ACCOUNTS):
            return kept["password"]
        password = kept.get("password") or "-".join(secrets.token_hex(2) for _ in range(4))
        hashed = make_password(password)
        with transaction.atomic():
            for account in ACCOUNTS:
                _make_account(account, hashed)
        self._remember(accounts={"password": password, "hash": hashed})
        return password

    def _load(self, command: str, folder: str, already: bool) -> bool:
        """Runs the loader unless its files are those that this database was loaded from."""
        files = _fingerprint(Path(settings.BASE_DIR) / "data" / folder)
        if already and self._known().get(command) == files:
            return False
        self._call(command)
        self._remember(**{command: files})
        return True

    def _call(self, command: str, **options: object) -> None:
        """What a command tells is kept beside the data, and leaves one line on the screen."""
        with (self.folder / f"{command}.txt").open("w") as report:
            call_command(command, stdout=report, stderr=report, **options)

    def _known(self) -> dict[str, Any]:
        return self._read().get(_database_identity(), {})

    def _remember(self, **facts: object) -> None:
        state = self._read()
        state.setdefault(_database_identity(), {}).update(facts)
        self._state_file.touch(mode=0o600)
        self._state_file.write_text(json.dumps(state, indent=1))

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            return json.loads(self._state_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}


def _make_account(account: DemoAccount, hashed_password: str) -> None:
    user = User.objects.filter(email=account.email).first() or User(email=account.email)
    user.full_name = f"Démonstration ({account.label})"
    user.role = account.role
    user.is_active = True
    user.password = hashed_password
    user.save()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, generate_totp_secret())
    network = Network.objects.order_by("kind", "name").first()
    if account.staff_role and network:
        NetworkStaff.objects.update_or_create(
            user=user, network=network, defaults={"role": account.staff_role}
        )


def demo_codes() -> list[tuple[DemoAccount, str]]:
    """The code of each demonstration account at this moment; in development only."""
    if not settings.DEVELOPMENT:
        return []
    # The middle one: the tolerance is before and after it.
    counters = list(yield_hotp_counters_from_time())
    now = counters[len(counters) // 2]
    found = Authenticator.objects.filter(
        type=Authenticator.Type.TOTP, user__email__endswith=_DOMAIN
    )
    secrets_by_email = {
        each.user.email: decrypt(each.data["secret"]) for each in found.select_related("user")
    }
    return [
        (account, format_hotp_value(hotp_value(secrets_by_email[account.email], now)))
        for account in ACCOUNTS
        if account.email in secrets_by_email
    ]


def _database_identity() -> str:
    """Which database this is; one that was dropped and made again is another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        oid = cursor.fetchone()[0]
    known = connection.settings_dict
    return f"{known['HOST']}:{known['PORT']}/{known['NAME']}#{oid}"


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
