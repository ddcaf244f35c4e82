"""The admin site: its names, and an autocomplete that puts the likeliest choice first."""

from functools import partial, wraps
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from core.admin import saved
from core.admin.journal import journal_view
from core.admin.widgets import option_label
from core.text import normalise
from networks.models import User
from ptce_registry import personal_data
from ptce_registry.front_page import what_waits
from workspace.accounts.proconnect.views import logout as account_logout


class RegistryAutocomplete(AutocompleteJsonView):
    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        text = option_label(self.admin_site, obj)
        return {"id": str(getattr(obj, to_field_name)), "text": text}

    def get_queryset(self) -> models.QuerySet:
        queryset = super().get_queryset()
        try:
            queryset.model._meta.get_field("normalised_name")
        except FieldDoesNotExist:
            return queryset
        term = normalise(self.term)
        likeliest = Case(
            When(normalised_name=term, then=Value(0)),
            When(normalised_name__startswith=term, then=Value(1)),
            default=Value(2),
            output_field=models.IntegerField(),
        )
        return queryset.order_by(likeliest, "normalised_name", "pk")


class RegistrySite(AdminSite):
    site_header = "Registre des PTCE – administration"
    site_title = "Registre des PTCE – administration"
    index_title = "Ce qui attend"
    # Of its own: Django’s page of one application is made of its front page.
    index_template = "admin/front_page.html"
    # What is opened every day comes first, and what is loaded from files comes last.
    app_order = ("poles", "members", "calls", "networks", "territories", "core")
    model_order = ("Pole", "Membership", "PoleProject", "PoleFigures", "Proposal", "Study", "Theme")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(self.model_order, model["object_name"]))
        return sorted(apps, key=lambda app: _place(self.app_order, app["app_label"]))

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        found = what_waits(cast(User, request.user))
        more = {
            "filters": saved.grouped(request.user),
            "waiting": [each for each in found if each.count],
            "nothing_waits": [each for each in found if not each.count],
        }
        return super().index(request, {**(extra_context or {}), **more})

    def get_urls(self) -> list:
        """Pages that are of no model come first, each from the admin that keeps it."""
        own = [
            url
            for model_admin in self._registry.values()
            for url in getattr(model_admin, "get_site_urls", list)()
        ]
        journal = self.admin_view(partial(journal_view, admin_site=self))
        return [
            path("journal/", journal, name="journal"),
            *personal_data.urls(self),
            *own,
            *saved.urls(self),
            *super().get_urls(),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Of an auditor nothing is taken but a request to read, whatever the page."""
        opened = super().admin_view(view, cacheable)

        @wraps(opened)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            reads = request.method in {"GET", "HEAD", "OPTIONS"}
            if getattr(request.user, "is_auditor", False) and not reads and view != self.logout:
                raise PermissionDenied
            return opened(request, *args, **kwargs)

        return page

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The site's own, with its second factor; who is signed in and comes here has no right."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise PermissionDenied
            return redirect("admin:index")
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return account_logout(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        view: Any = RegistryAutocomplete.as_view(admin_site=self)
        return view(request)


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)
