"""The pages of /compte/: allauth's views under French addresses, those that the site uses."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, path, re_path

from workspace.accounts import access, invitation, leaving, views
from workspace.accounts.proconnect import views as proconnect

_PASSWORD: list[URLPattern | URLResolver] = [
    path("", account.password_change, name="account_change_password"),
    path("choisir/", account.password_set, name="account_set_password"),
    path("oublie/", account.password_reset, name="account_reset_password"),
    path("oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "nouveau/fait/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
_FACTOR: list[URLPattern | URLResolver] = [
    path("", factor.index, name="mfa_index"),
    path("code/", factor.authenticate, name="mfa_authenticate"),
    path("verification/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("application/", views.ActivateView.as_view(), name="mfa_activate_totp"),
    path("application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes-de-secours/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "codes-de-secours/nouveaux/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes-de-secours/telecharger/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.my_account, name="account"),
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", proconnect.logout, name="account_logout"),
    path("proconnect/", proconnect.start, name="proconnect"),
    path("proconnect/retour/", proconnect.callback, name="proconnect_callback"),
    path("proconnect/sortie/", proconnect.left, name="proconnect_left"),
    path("proconnect/separer/", proconnect.unlink, name="proconnect_unlink"),
    path("inactif/", account.account_inactive, name="account_inactive"),
    path("verification/", account.reauthenticate, name="account_reauthenticate"),
    path("adresse/", account.email, name="account_email"),
    path(
        "adresse/a-confirmer/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    path("adresse/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("mot-de-passe/", include(_PASSWORD)),
    path("double-authentification/", include(_FACTOR)),
    path("sessions/", views.SessionsView.as_view(), name="usersessions_list"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("donnees/", leaving.my_data, name="account_data"),
    path("effacer/", leaving.erase_account, name="account_erase"),
    path("efface/", leaving.account_erased, name="account_erased"),
    path("demander-un-acces/", access.ask_for_access, name="account_signup"),
    path("demander-un-acces/envoye/", access.access_asked, name="access_asked"),
]
