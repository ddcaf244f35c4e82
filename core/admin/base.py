"""The base of every admin of the registry."""

from contextlib import nullcontext
from functools import partial
from typing import Any

import pghistory
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import (
    IS_POPUP_VAR,
    ActionLocation,
)
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst

from core.admin.acts import BulkAct, actions_of
from core.admin.consent import ACCEPTED, ConsentNeeded, check_before_commit
from core.admin.exchange.exporting import export_view
from core.admin.exchange.importing import import_view
from core.admin.fields import Fields
from core.admin.forms import RegistryForm, VersionedRegistryForm, refusing
from core.admin.history import Reader, events_of
from core.admin.refusals import refusal
from core.admin.saved import GONE, saved_context
from core.admin.versions import FIELD, differences
from core.models import VersionField
from core.text import normalise

_ENTRIES_A_PAGE = 60


class RegistryAdmin(Fields, admin.ModelAdmin):
    form: type[forms.ModelForm] = RegistryForm
    show_full_result_count = False
    list_per_page = 50
    save_on_top = True
    # Kept with the object in its history, beside the models of its inlines.
    history_parts: tuple[type[models.Model], ...] = ()
    only_administrators_delete = False
    bulk_acts: tuple[BulkAct, ...] = ()
    # Left out of the exports of who may only read, beside those that are of persons by themselves.
    personal_columns: tuple[str, ...] = ()
    imports_files = True
    # Those that lead to an act: who may only read is not shown them.
    acting_fields: tuple[str, ...] = ()

    def option_label(self, obj: Any) -> str:
        """How ``obj`` is written where one chooses it."""
        return str(obj)

    @admin.display(description="nom tel qu’il est cherché")
    def searched_name(self, obj: Any) -> str:
        return obj.normalised_name

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (
            not self.only_administrators_delete or bool(getattr(request.user, "is_superuser", 0))
        )

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who audits looks, and takes no table away: there are people in them."""
        audits = getattr(request.user, "is_auditor", False)
        return self.has_view_permission(request) and not audits

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Where rows are written in the admin they are also imported, unless it says otherwise."""
        writes = self.has_add_permission(request) or self.has_change_permission(request)
        return self.imports_files and writes

    def get_actions(
        self, request: HttpRequest, action_location: Any = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        of_list = action_location == ActionLocation.CHANGE_LIST and IS_POPUP_VAR not in request.GET
        own = actions_of(self, request) if of_list else {}
        return {**super().get_actions(request, action_location), **own}

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        if any("normalised_name" in name for name in self.search_fields):
            search_term = normalise(search_term)
        return super().get_search_results(request, queryset, search_term)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        queryset = self.loaded(self.get_queryset(request))
        if request.method == "POST":
            queryset = queryset.select_for_update(of=("self",))
        column = self.opts.get_field(from_field) if from_field else self.opts.pk
        try:
            return queryset.get(**{column.name: column.to_python(object_id)})  # type: ignore[union-attr]
        except (self.model.DoesNotExist, ValidationError, ValueError):
            return None

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if not getattr(request.user, "is_auditor", False):
            return found
        kept = [
            (name, {**said, "fields": [n for n in said["fields"] if n not in self.acting_fields]})
            for name, said in found
        ]
        return [each for each in kept if each[1]["fields"]]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if self.form is RegistryForm and self._is_versioned():
            kwargs.setdefault("form", VersionedRegistryForm)
        form = super().get_form(request, obj, change=change, **kwargs)
        refused = getattr(request, "refusal", "")
        return refusing(form, refused) if refused else form

    def _is_versioned(self) -> bool:
        return any(isinstance(f, VersionField) for f in self.opts.concrete_fields)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with _with_reason(request):
            try:
                with transaction.atomic():
                    return super().changeform_view(request, object_id, form_url, extra_context)
            except ConsentNeeded as needed:
                told = _told(needed)
                request.consent = told  # type: ignore[attr-defined]
                message = f"Rien n’est encore enregistré. {' '.join(told['reasons'])}"
            except DatabaseError as error:
                message = refusal(error)
                if not message:
                    raise
            # The same form again, as it was typed, with what was said of it.
            request.refusal = message  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # What nobody changed is not written: it would move versions for nothing.
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        check_before_commit(request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        check_before_commit(request)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        super().delete_queryset(request, queryset)
        check_before_commit(request)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        context["title"] = self._title(request, *args, **kwargs)
        context["keeps_history"] = hasattr(self.model, "pgh_event_model")
        context["why"] = request.POST.get("_why", "")
        context["consent"] = getattr(request, "consent", None)
        context["version_field"] = form[FIELD] if FIELD in form.fields else ""
        stale = getattr(form, "stale", None)
        if stale is not None:
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["stale"] = stale
            context["differences"] = differences(self.admin_site, form, formsets)
            context["meanwhile"] = self._entries_at(form.instance, stale.moments)
        return super().render_change_form(request, context, *args, **kwargs)

    def _title(self, request: HttpRequest, *, add: bool = False, obj: Any = None, **_: Any) -> str:
        """Without the article that a name would need: Appel à projets : ajout."""
        changes = "modification" if self.has_change_permission(request, obj) else "consultation"
        return f"{capfirst(self.opts.verbose_name)}\u00a0: {'ajout' if add else changes}"

    def _entries_at(self, obj: models.Model, moments: list) -> list:
        if not moments:
            return []
        events = self._events().references(obj).filter(pgh_created_at__in=moments)
        return Reader(list(events[:_ENTRIES_A_PAGE]), self.admin_site, obj).entries()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """As Django tells them, in French typography."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return _spaced(deleted), counts, lacking, _spaced(protected)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        held = context["protected"] or context["perms_lacking"]
        head = "Suppression impossible" if held else "Supprimer"
        context["title"] = f"{head}\u00a0: {context['escaped_object']}"
        return super().render_delete_form(request, context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        def view(more: dict[str, Any] | None = extra_context) -> HttpResponse:
            return super(RegistryAdmin, self).delete_view(request, object_id, more)

        back = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id]
        )
        try:
            return self._or_refused(request, back, view)
        except ConsentNeeded as needed:
            # The same question again, with what it would bring about.
            request.POST = QueryDict()
            return view({**(extra_context or {}), "consent": _told(needed)})

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With acts only where there is something to act on."""
        found = super().get_changelist_instance(request)
        found.show_admin_actions = found.show_admin_actions and bool(found.result_count)
        return found

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra_context = {
            **(extra_context or {}),
            "keeps_history": hasattr(self.model, "pgh_event_model"),
            "title": capfirst(self.opts.verbose_name_plural),
            "exports": self.has_export_permission(request),
            "imports": self.has_import_permission(request),
            **saved_context(request, self.opts),
        }
        if ERROR_FLAG in request.GET:
            self.message_user(request, GONE, messages.WARNING)
        try:
            return self._or_refused(
                request,
                request.get_full_path(),
                lambda: super(RegistryAdmin, self).changelist_view(request, extra_context),
            )
        except DisallowedModelAdminLookup:
            # A filter that the list no longer has; Django leaves off those that it cannot read.
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        except ConsentNeeded as needed:
            reasons = " ".join(_told(needed)["reasons"])
            message = f"Rien n’est effacé. {reasons} Effacez un par un ce qui doit l’être."
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def _or_refused(self, request: HttpRequest, back: str, view: Any) -> HttpResponse:
        if request.method != "POST":
            return view()
        try:
            with transaction.atomic():
                return view()
        except DatabaseError as error:
            message = refusal(error)
            if not message:
                raise
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(back)

    # The history: of one object with its parts, and of the whole table, deletions included.

    def get_urls(self) -> list:
        views: dict[str, tuple[str, Any]] = {
            "historique": ("events", self.events_view),
            "exporter": ("export", partial(export_view, self)),
            "importer": ("import", partial(import_view, self)),
        }
        stem = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(f"{address}/", self.admin_site.admin_view(view), name=f"{stem}_{name}")
            for address, (name, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    def _events(self) -> Any:
        parts = {*(inline.model for inline in self.inlines), *self.history_parts}
        return events_of(self.model, sorted(parts, key=lambda part: part._meta.label))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not hasattr(self.model, "pgh_event_model"):
            return super().history_view(request, object_id, extra_context)
        obj = self.get_object(request, unquote(object_id))
        gone = obj is None
        if gone:
            try:
                obj = self.model(pk=self.opts.pk.to_python(unquote(object_id)))
            except ValidationError as error:
                raise Http404 from error
        events = self._events().references(obj)
        title = f"Historique du n° {obj.pk}, effacé" if gone else f"Historique : {obj}"
        return self._history(request, events, title, None if gone else obj, obj)

    def events_view(self, request: HttpRequest) -> HttpResponse:
        title = f"Historique : {self.opts.verbose_name_plural}"
        return self._history(request, events_of(self.model, ()), title, None, None)

    def _history(
        self, request: HttpRequest, events: Any, title: str, obj: Any, owner: Any
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = Paginator(events, _ENTRIES_A_PAGE).get_page(request.GET.get("p", 1))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "entries": Reader(list(page.object_list), self.admin_site, owner).entries(),
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "object": obj,
            "of_model": owner is None,
            "opts": self.opts,
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/history.html", context)


def _spaced(told: Any) -> Any:
    """« Participation: … », alone or in lists of lists, with the space that French writes."""
    if not isinstance(told, str):
        return [_spaced(each) for each in told]
    # What was escaped stays so.
    return type(told)(told.replace(": ", "\u00a0: ", 1))


def _told(needed: ConsentNeeded) -> dict[str, Any]:
    return {"label": needed.label, "reasons": list(needed.explain()), "name": ACCEPTED}


def _with_reason(request: HttpRequest) -> Any:
    why = request.POST.get("_why", "").strip()
    return pghistory.context(why=why[:500]) if why else nullcontext()
