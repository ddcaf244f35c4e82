"""Who is answered what: a row for each address, or family of addresses, of the site.

A letter for each of
  1 anonymous
  2 editor of the reference network
  3 editor of another network of the région
  4 editor of another région
  5 manager of the reference network
  6 officer of the ministry
  7 administrator
in this order, for GET and for POST (sent empty); the letter of an auditor follows from these, see
`Row`:
  o  open: the page, its form again with its errors, or what follows once it is done
  s  sent to sign in
  r  refused, with the reason
  n  not found, or gone
  m  method refused
  i  the input is refused
Arguments: `published.pk` is the number of a record of tests/permissions/world.py.
Several rows of one name are about several records; an exact name goes before a family.
"""

from tests.permissions.walk import Row

ALL, NONE = "ooooooo", "nnnnnnn"
READ_ONLY = "mmmmmmm"
SIGNED_IN = "soooooo"
OFFICERS = "srrrroo"
ADMINISTRATORS = "srrrrro"

PUBLIC = [
    Row("health", ALL, READ_ONLY),
    Row("alive", ALL, READ_ONLY),
    Row("robots", ALL, ALL),
    Row("sitemap", ALL, READ_ONLY),
    Row("sitemap-section", ALL, READ_ONLY, {"section": "poles"}),
    Row("mails", ALL, READ_ONLY),
    Row("directory:pole", ALL, READ_ONLY, {"slug": "published.slug"}),
    Row("directory:pole", NONE, READ_ONLY, {"slug": "draft.slug"}),
    Row("directory:pole", NONE, READ_ONLY, {"slug": "archived.slug"}),
    Row("directory:member", ALL, READ_ONLY, {"slug": "organisation.slug"}),
    Row("directory:region", ALL, READ_ONLY, {"slug": "bretagne"}),
    Row("directory:departement", ALL, READ_ONLY, {"code": "56"}),
    Row("directory:commune", ALL, READ_ONLY, {"code": "56260"}),
    Row("directory:call", ALL, READ_ONLY, {"code": "call.code"}),
    # Of a call that has no laureate.
    Row("directory:call-results", NONE, READ_ONLY, {"code": "call.code"}),
    Row("directory:alert", ALL, ALL),
    Row("directory:alert-asked", ALL, ALL),
    Row("directory:alert-confirm", NONE, NONE, {"token": "inconnu"}),
    Row("directory:alert-leave", NONE, NONE, {"token": "inconnu"}),
    Row("directory:voice", ALL, ALL, {"token": "voice.token"}),
    Row("directory:voice", NONE, NONE, {"token": "inconnu"}),
    Row("directory:pole-correct", ALL, ALL, {"slug": "published.slug"}),
    Row("directory:pole-correct", NONE, NONE, {"slug": "draft.slug"}),
    Row("directory:pole-correct", NONE, NONE, {"slug": "archived.slug"}),
    Row("directory:pole-corrected", ALL, ALL, {"slug": "published.slug"}),
    Row("directory:member-correct", ALL, ALL, {"slug": "organisation.slug"}),
    Row("directory:member-corrected", ALL, ALL, {"slug": "organisation.slug"}),
    Row("directory:report", ALL, ALL),
    Row("directory:reported", ALL, ALL),
    Row("directory:*", ALL, READ_ONLY),
]

ACCOUNT = [
    Row("account", SIGNED_IN, SIGNED_IN),
    Row("account_login", ALL, ALL),
    Row("account_logout", ALL, ALL),
    Row("account_inactive", ALL, READ_ONLY),
    # Off where it is not configured.
    Row("proconnect", NONE, NONE),
    Row("proconnect_callback", NONE, READ_ONLY),
    Row("proconnect_left", NONE, READ_ONLY),
    Row("proconnect_unlink", "smmmmmm", SIGNED_IN),
    Row("account_reauthenticate", SIGNED_IN, SIGNED_IN),
    Row("account_email", SIGNED_IN, SIGNED_IN),
    Row("account_email_verification_sent", ALL, READ_ONLY),
    Row("account_confirm_email", ALL, NONE, {"key": "inconnue"}),
    Row("account_change_password", SIGNED_IN, SIGNED_IN),
    Row("account_set_password", SIGNED_IN, SIGNED_IN),
    Row("account_reset_password", ALL, ALL),
    Row("account_reset_password_done", ALL, READ_ONLY),
    Row("account_reset_password_from_key", ALL, ALL, {"uidb36": "1", "key": "inconnue"}),
    Row("account_reset_password_from_key_done", ALL, READ_ONLY),
    Row("invitation", NONE, NONE, {"token": "inconnu"}),
    Row("account_signup", ALL, ALL),
    Row("account_data", SIGNED_IN, "smmmmmm"),
    Row("account_erase", SIGNED_IN, SIGNED_IN),
    Row("account_erased", ALL, READ_ONLY),
    Row("access_asked", ALL, READ_ONLY),
    Row("mfa_index", SIGNED_IN, "smmmmmm"),
    Row("mfa_authenticate", SIGNED_IN, SIGNED_IN),
    Row("mfa_reauthenticate", SIGNED_IN, SIGNED_IN),
    Row("mfa_activate_totp", SIGNED_IN, SIGNED_IN),
    Row("mfa_deactivate_totp", "snnnnnn", "snnnnnn"),
    Row("mfa_view_recovery_codes", "snnnnnn", "smmmmmm"),
    Row("mfa_generate_recovery_codes", SIGNED_IN, SIGNED_IN),
    Row("mfa_download_recovery_codes", "snnnnnn", "snnnnnn"),
    Row("usersessions_list", SIGNED_IN, SIGNED_IN),
]

# Who sees a record, by its state; the orphan is a draft that no network keeps.
SEEN = {
    "draft": "sorrooo",
    "published": SIGNED_IN,
    "archived": OFFICERS,
    "orphan": "soorooo",
}
# An import is its author's alone.
THEIRS = "sonnnnn"
# Whoever sees it may save a section: written, or proposed where only others may write.
SAVED: tuple[tuple[str, dict[str, object]], ...] = (
    ("workspace:pole", {}),
    ("workspace:section", {"slug": "identite"}),
    ("workspace:section", {"slug": "membres"}),
    ("workspace:section", {"slug": "projets"}),
    ("workspace:section", {"slug": "chiffres"}),
    ("workspace:members-paste", {}),
    ("workspace:confirm-members", {}),
    ("workspace:pole-history", {}),
    ("workspace:pole-version", {"number": 1}),
)
WORKSPACE = [
    Row("workspace:dashboard", SIGNED_IN, SIGNED_IN),
    Row("workspace:preferences", SIGNED_IN, SIGNED_IN),
    Row("workspace:access-requests", OFFICERS, OFFICERS),
    Row("workspace:access-request", OFFICERS, OFFICERS, {"pk": "access.pk"}),
    # Sent empty, no button was pressed.
    Row("workspace:ministry", ADMINISTRATORS, "srrrrrn"),
    Row("workspace:networks", "srrrooo", "srrrooo"),
    Row("workspace:colleagues", "srrrooo", "srrrnnn", {"slug": "network.slug"}),
    Row("workspace:proposals", SIGNED_IN, SIGNED_IN),
    Row("workspace:proposal", "sorrooo", "srrrooo", {"pk": "proposal.pk"}),
    Row("workspace:pick-*", SIGNED_IN, READ_ONLY),
    Row("workspace:new-pole", SIGNED_IN, SIGNED_IN),
    Row("workspace:new-pole-draft", READ_ONLY, SIGNED_IN),
    Row("workspace:withdraw-proposal", "smmmmmm", "snnnnnn", {"pk": "proposal.pk"}),
    Row("workspace:merges", SIGNED_IN, SIGNED_IN),
    Row(
        "workspace:find-double",
        *(SIGNED_IN, SIGNED_IN),
        {"slug": "organisations", "pk": "organisation.pk"},
    ),
    # Compared by all, made one by those who keep every pole that names either.
    Row(
        "workspace:merge",
        *(SIGNED_IN, "srrrooo"),
        {"slug": "organisations", "pk": "organisation.pk", "other": "double.pk"},
    ),
    Row(
        "workspace:find-double",
        *("sorrooo", "sorrooo"),
        {"slug": "poles", "pk": "draft.pk"},
    ),
    Row(
        "workspace:merge",
        *("sorrooo", "srrrooo"),
        {"slug": "poles", "pk": "published.pk", "other": "draft.pk"},
    ),
    Row("workspace:undo-merge", "srrrooo", "srrrooo", {"pk": "merge.pk"}),
    Row("workspace:reports", SIGNED_IN, SIGNED_IN),
    Row("workspace:opinions", SIGNED_IN, SIGNED_IN),
    # The network that the call names, its editors and managers, and the ministry.
    Row("workspace:opinion", "sorrooo", "sorrooo", {"pk": "file.pk", "network": "network.pk"}),
    # Read by the networks of its région, answered by their managers.
    Row("workspace:report", "soorooo", "srrrooo", {"pk": "report.pk"}),
    *(
        Row(name, seen, seen, {"pk": f"{record}.pk", **more})
        for name, more in SAVED
        for record, seen in SEEN.items()
    ),
    Row("workspace:organisation-history", SIGNED_IN, SIGNED_IN, {"pk": "organisation.pk"}),
    Row(
        "workspace:organisation-version",
        *(SIGNED_IN, SIGNED_IN),
        {"pk": "organisation.pk", "number": 1},
    ),
    *(
        Row("workspace:confirm", "smmmmmm", seen, {"pk": f"{record}.pk"})
        for record, seen in SEEN.items()
    ),
    *(
        Row(
            "workspace:comment",
            "smmmmmm",
            seen if record != "published" else "sorrooo",
            {"pk": f"{record}.pk", "slug": "identite"},
        )
        for record, seen in SEEN.items()
    ),
    Row("workspace:close-comment", "smmmmmm", "sorrooo", {"pk": "comment.pk"}),
    Row("workspace:send-link", "smmmmmm", "sorrooo", {"pk": "published.pk"}),
    *(
        Row("workspace:draft", READ_ONLY, seen, {"pk": f"{record}.pk", "slug": "identite"})
        for record, seen in SEEN.items()
    ),
    *(
        Row(name, READ_ONLY, seen, {"pk": f"{record}.pk"})
        for name in ("workspace:members-composition", "workspace:members-answer")
        for record, seen in SEEN.items()
    ),
    *(
        Row("workspace:members-suggestions", seen, READ_ONLY, {"pk": f"{record}.pk"})
        for record, seen in SEEN.items()
    ),
    # Sent empty, no button was pressed.
    *(
        Row(
            "workspace:section-change",
            READ_ONLY,
            seen.replace("o", "n"),
            {"pk": f"{record}.pk", "slug": "membres"},
        )
        for record, seen in SEEN.items()
    ),
    Row("workspace:organisation", SIGNED_IN, SIGNED_IN, {"pk": "organisation.pk"}),
    Row("workspace:act", "srrrooo", "srrrooo", {"pk": "draft.pk", "slug": "publier"}),
    Row("workspace:act", "srrrooo", "srrrooo", {"pk": "submitted.pk", "slug": "renvoyer"}),
    Row("workspace:act", "sorrrrr", "sorrrrr", {"pk": "draft.pk", "slug": "soumettre"}),
    Row("workspace:act", OFFICERS, OFFICERS, {"pk": "orphan.pk", "slug": "publier"}),
    Row("workspace:act", OFFICERS, OFFICERS, {"pk": "published.pk", "slug": "archiver"}),
    Row("workspace:act", OFFICERS, OFFICERS, {"pk": "archived.pk", "slug": "restaurer"}),
    Row("workspace:act", "snnnnnn", "snnnnnn", {"pk": "draft.pk", "slug": "inconnu"}),
    Row("workspace:imports", SIGNED_IN, SIGNED_IN),
    Row("workspace:import-template", SIGNED_IN, "smmmmmm", {"form": "xlsx"}),
    Row("workspace:import", THEIRS, "smmmmmm", {"pk": "run.pk"}),
    Row("workspace:import-columns", THEIRS, THEIRS, {"pk": "run.pk"}),
    Row("workspace:import-progress", THEIRS, "smmmmmm", {"pk": "run.pk"}),
    Row("workspace:import-refused", "snnnnnn", "smmmmmm", {"pk": "run.pk", "form": "xlsx"}),
    *(
        Row("workspace:import-act", "smmmmmm", THEIRS, {"pk": "run.pk", "what": what})
        for what in ("reponses", "ecrire", "relire", "effacer")
    ),
    Row("workspace:export", SIGNED_IN, "smmmmmm"),
    Row("workspace:export-file", SIGNED_IN, "smmmmmm", {"name": "classeur", "form": "xlsx"}),
    Row("workspace:take", OFFICERS, OFFICERS, {"pk": "published.pk"}),
    Row("workspace:take", "srrrooo", "srrrooo", {"pk": "orphan.pk"}),
]

# In the admin, the staff of networks are signed in and refused: the letters of `OFFICERS`.
LOOKED_AT = (
    *("poles_proposal", "networks_invitation", "calls_wave", "calls_strand"),
    *("calls_regionalopinion", "calls_decisionsession", "calls_examination"),
    "calls_letter",
)
ADMIN = [
    # Who did what, accounts included, is for those who keep them and for auditors.
    Row("admin:journal", ADMINISTRATORS, "srrrrmm"),
    Row("admin:login", OFFICERS, OFFICERS, auditor="oo"),
    Row("admin:logout", ALL, ALL, auditor="oo"),
    Row("admin:jsi18n", OFFICERS, "srrrrmm"),
    Row("admin:autocomplete", "srrrrrr", "srrrrmm"),
    Row("admin:view_on_site", "srrrrnn", "srrrrnn", {"content_type_id": 0, "object_id": 0}),
    Row("admin:app_list", OFFICERS, OFFICERS, {"app_label": "poles"}),
    # Nobody changes the filters of someone else: without the number of one's own, none is found.
    Row("admin:filters", OFFICERS, "srrrrnn"),
    Row("admin:keep_filter", "srrrrmm", OFFICERS, auditor="mr"),
    Row(
        "admin:app_list",
        *("srrrrno", "srrrrno"),
        {"app_label": "core"},
        auditor="nr",
    ),
    Row(
        "admin:auth_user_password_change",
        *(ADMINISTRATORS, ADMINISTRATORS),
        {"id": "account.pk"},
        auditor="rr",
    ),
    # A person who leaves is erased, and never deleted: the history keeps their number.
    Row("admin:networks_user_delete", "srrrrrr", "srrrrrr"),
    Row("admin:account_data", ADMINISTRATORS, "srrrrmm", {"pk": "account.pk"}, auditor="rr"),
    Row("admin:personal_data", OFFICERS, OFFICERS, auditor="rr"),
    Row(
        "admin:networks_user_erase",
        *(ADMINISTRATORS, ADMINISTRATORS),
        {"object_id": "account.pk"},
        auditor="rr",
    ),
    # An account is opened by its invitation.
    Row("admin:networks_user_import", "srrrrrr", "srrrrrr"),
    Row("admin:networks_user_*", ADMINISTRATORS, ADMINISTRATORS),
    # A task holds the mail that it sends.
    *(
        Row(f"admin:core_backgroundtask_{page}", ADMINISTRATORS, post, auditor="rr")
        for page, post in (
            ("changelist", ADMINISTRATORS),
            ("history", ADMINISTRATORS),
            ("change", "srrrrrr"),
        )
    ),
    Row("admin:core_backgroundtask_*", "srrrrrr", "srrrrrr"),
    # What others hang on is archived, or closed, by officers: deleting is for mistakes.
    Row("admin:poles_pole_delete", ADMINISTRATORS, ADMINISTRATORS),
    Row("admin:territories_territory_delete", ADMINISTRATORS, ADMINISTRATORS),
    # Written elsewhere, or once for all, and looked at here.
    *(
        row
        for model in LOOKED_AT
        for row in (
            Row(f"admin:{model}_add", "srrrrrr", "srrrrrr"),
            Row(f"admin:{model}_change", OFFICERS, "srrrrrr"),
            Row(f"admin:{model}_delete", "srrrrrr", "srrrrrr"),
            Row(f"admin:{model}_import", "srrrrrr", "srrrrrr"),
        )
    ),
    Row(
        "admin:members_organisation_register",
        *(OFFICERS, OFFICERS),
        {"object_id": "organisation.pk"},
        auditor="rr",
    ),
    Row("admin:poles_pole_article9", OFFICERS, OFFICERS, {"object_id": "published.pk"}),
    # Asked for nothing, the question comes back with its errors.
    Row("admin:answers", OFFICERS, OFFICERS),
    Row("admin:answer", OFFICERS, OFFICERS, {"pk": "answer.pk"}),
    Row("admin:answer_file", OFFICERS, OFFICERS, {"pk": "answer.pk", "form": "csv"}),
    Row("admin:answer_file", "srrrrnn", "srrrrnn", {"pk": "answer.pk", "form": "doc"}),
    Row("admin:calls_call_conduct", OFFICERS, OFFICERS, {"object_id": "call.pk"}),
    Row("admin:calls_call_platform", OFFICERS, OFFICERS, {"object_id": "call.pk"}),
    *(
        Row(name, OFFICERS, OFFICERS, {"object_id": "export.call_id", "run": "export.pk"})
        for name in ("admin:calls_call_platform_columns", "admin:calls_call_platform_preview")
    ),
    Row("admin:calls_application_following", OFFICERS, OFFICERS),
    Row("admin:calls_call_letters", OFFICERS, OFFICERS, {"object_id": "call.pk"}),
    Row("admin:calls_call_results", OFFICERS, OFFICERS, {"object_id": "call.pk"}),
    Row("admin:calls_call_results_pdf", OFFICERS, OFFICERS, {"object_id": "call.pk"}),
    Row("admin:calls_lettertemplate_preview", OFFICERS, OFFICERS),
    Row("admin:calls_letter_read", OFFICERS, OFFICERS, {"object_id": "letter.pk"}),
    Row("admin:calls_letter_pdf", OFFICERS, OFFICERS, {"object_id": "letter.pk"}),
    # The general texts stay.
    Row("admin:calls_lettertemplate_delete", "srrrrrr", "srrrrrr"),
    Row("admin:calls_call_session", OFFICERS, OFFICERS, {"object_id": "call.pk"}),
    Row("admin:calls_application_examination", OFFICERS, OFFICERS, {"object_id": "application.pk"}),
    Row("admin/(?P<url>.*)$", "srrrrnn", "srrrrnn", {"url": "nulle-part"}),
    Row("admin/*/<path:object_id>/", OFFICERS, OFFICERS, {"object_id": 0}),
    Row("admin:*", OFFICERS, OFFICERS),
]

TABLE = [*PUBLIC, *ACCOUNT, *WORKSPACE, *ADMIN]
