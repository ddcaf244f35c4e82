"""allauth's OpenID Connect provider and adapter, as ProConnect speaks it."""

import json
import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from workspace.accounts.proconnect import server

PROVIDER = "proconnect"
SCOPES = (
    *("openid", "given_name", "usual_name", "email"),
    *("uid", "siret", "idp_id", "organization_label"),
)
# What is kept of an identity: whence it comes, and how strong its last sign-in was.
_KEPT_ABOUT, _KEPT_CLAIMS = ("idp_id", "siret", "organization_label"), ("acr", "amr")


class ProConnectAdapter(OpenIDConnectOAuth2Adapter):
    """Every exchange goes through `server`, with its time limit and its checks."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, PROVIDER)
        # That of the request that this is the answer to.
        self.nonce = ""

    @property
    def openid_config(self) -> dict[str, str]:
        return server.configuration()

    @property
    def basic_auth(self) -> bool:
        return False

    def get_provider(self) -> "ProConnectProvider":
        return make_provider(self.request)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        # ProConnect knows one address, to the letter, whatever name the site was asked under.
        return f"{settings.SITE_URL}{reverse('proconnect_callback')}"

    def get_client(self, request: HttpRequest, app: Any) -> OAuth2Client:
        """For the address of the way out alone; so it asks ProConnect for nothing."""
        back = self.get_callback_url(request, app)
        return OAuth2Client(request, app.client_id, app.secret, "POST", "", back)

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        back = self.get_callback_url(request, app)
        return server.tokens(request.GET["code"], pkce_code_verifier or "", back)

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        # Used at once, and never kept.
        return SocialToken(token=data["access_token"])

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **said: Any
    ) -> SocialLogin:
        claims, about = server.identity(said["response"], self.nonce)
        data = {"id_token": claims, "userinfo": about}
        login = self.get_provider().sociallogin_from_response(request, data)
        # Shown back to ProConnect when the person leaves.
        login.id_token = said["response"]["id_token"]
        return login


class ProConnectProvider(OpenIDConnectProvider):
    id = PROVIDER
    name = "ProConnect"
    oauth2_adapter_class = ProConnectAdapter
    pkce_enabled_default = True

    def get_oauth2_adapter(self, request: HttpRequest) -> ProConnectAdapter:
        return ProConnectAdapter(request)

    def get_callback_url(self) -> str:
        return reverse("proconnect_callback")

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **more: Any,
    ) -> Any:
        """Towards ProConnect; what must come back with the answer is kept in the session."""
        nonce = secrets.token_urlsafe(48)
        acr = {"essential": True, "values": settings.PROCONNECT_TWO_FACTORS}
        claims = {"id_token": {"acr": acr, "amr": {"essential": True}}}
        return super().redirect(
            request,
            process,
            next_url,
            data,
            scope=list(SCOPES),
            auth_params={"nonce": nonce, "claims": json.dumps(claims)},
            nonce=nonce,
        )

    def extract_uid(self, data: dict[str, Any]) -> str:
        return data["userinfo"]["sub"]

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        about, claims = data["userinfo"], data["id_token"]
        kept = {name: about[name] for name in _KEPT_ABOUT if name in about}
        return kept | {name: claims[name] for name in _KEPT_CLAIMS if name in claims}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": _address_in(data)}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        address = _address_in(data)
        said = data["userinfo"].get("email_verified", settings.PROCONNECT_ADDRESSES_VERIFIED)
        return [EmailAddress(email=address, verified=said is True, primary=True)] if address else []


def _address_in(data: dict[str, Any]) -> str:
    address = data["userinfo"].get("email")
    return address.strip().lower() if isinstance(address, str) else ""


def make_provider(request: HttpRequest | None) -> ProConnectProvider:
    """Raises SocialApp.DoesNotExist where ProConnect is off."""
    if not settings.PROCONNECT_URL:
        raise SocialApp.DoesNotExist
    app = SocialApp(
        provider=PROVIDER,
        provider_id=PROVIDER,
        name=ProConnectProvider.name,
        client_id=settings.PROCONNECT_CLIENT_ID,
        secret=settings.PROCONNECT_CLIENT_SECRET,
    )
    return ProConnectProvider(request, app=app)


def is_strong(about: Any) -> bool:
    """Whether two factors were shown, by what is kept of an identity (`acr`, `amr`)."""
    methods = about.get("amr")
    named = isinstance(methods, list) and "mfa" in methods
    return about.get("acr") in settings.PROCONNECT_TWO_FACTORS or named
