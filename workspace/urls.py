from django.urls import URLPattern, path

from workspace import converters  # noqa: F401
from workspace.views import (
    acts,
    comments,
    confirmations,
    dashboard,
    drafts,
    links,
    members,
    organisation,
    paste,
    picking,
    preferences,
    proposals,
    record,
    reports,
    section,
)

app_name = "workspace"
urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("propositions/", proposals.proposals, name="proposals"),
    path("propositions/<int:pk>/", proposals.proposal, name="proposal"),
    path("propositions/<int:pk>/retirer/", proposals.withdraw_proposal, name="withdraw-proposal"),
    path("commentaires/<int:pk>/regler/", comments.close_comment, name="close-comment"),
    path("signalements/", reports.reports, name="reports"),
    path("signalements/<int:pk>/", reports.report, name="report"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("choix/territoires/", picking.territories, name="pick-territories"),
    path("choix/organisations/", picking.organisations, name="pick-organisations"),
    path("poles/<int:pk>/", record.record, name="pole"),
    path("poles/<int:pk>/actes/<slug:slug>/", acts.act, name="act"),
    path("poles/<int:pk>/prendre-en-charge/", acts.take, name="take"),
    path("poles/<int:pk>/lien/", links.send_pole_link, name="send-link"),
    path("poles/<int:pk>/confirmer/", confirmations.confirm, name="confirm"),
    path("poles/<int:pk>/membres-complets/", confirmations.confirm_members, name="confirm-members"),
    path("organisations/<int:pk>/", organisation.organisation, name="organisation"),
    path("poles/<int:pk>/membres/coller/", paste.paste, name="members-paste"),
    path("poles/<int:pk>/membres/saisie/", members.change, name="members-change"),
    path("poles/<int:pk>/membres/composition/", members.composition, name="members-composition"),
    path("poles/<int:pk>/membres/repondre/", members.answer, name="members-answer"),
    path("poles/<int:pk>/membres/propositions/", members.suggestions, name="members-suggestions"),
    path("poles/<int:pk>/<section:slug>/", section.section, name="section"),
    path("poles/<int:pk>/<section:slug>/commenter/", comments.comment, name="comment"),
    path("poles/<int:pk>/<section:slug>/brouillon/", drafts.draft, name="draft"),
]
