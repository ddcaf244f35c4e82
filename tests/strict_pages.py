"""What production forgives and tests do not: unknown variables, static files that are missing."""

import sys
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.contrib.staticfiles.utils import matches_patterns
from django.template import base as template_base
from django.template.defaulttags import ForNode

from ptce_registry.apps import StaticFilesConfig


class UnknownVariableError(AssertionError):
    """One of our templates reads a variable that its page does not give."""


class UnknownVariable(str):
    """Django's ``string_if_invalid``: it raises in our templates, and is empty in others."""

    __slots__ = ()

    def __bool__(self) -> bool:
        expression = sys._getframe(1).f_locals.get("self")
        origin = getattr(expression, "origin", None)
        if origin and Path(origin.name).is_relative_to(settings.BASE_DIR / "templates"):
            raise UnknownVariableError(f"{origin.template_name}: {expression.token}")  # type: ignore[union-attr]
        return False


class _SituatedExpression(template_base.FilterExpression):
    """An expression that knows which template it stands in."""

    def __init__(self, token: str, parser: template_base.Parser) -> None:
        self.origin = parser.origin
        super().__init__(token, parser)


_make_loop = ForNode.__init__


class _KnownSequence:
    """Django loops over an unknown variable as over an empty list; this one is not silent."""

    def __init__(self, expression: template_base.FilterExpression) -> None:
        self.expression = expression

    def resolve(self, context: Any, ignore_failures: bool = False) -> object:
        return self.expression.resolve(context)

    def __getattr__(self, name: str) -> object:
        return getattr(self.expression, name)


def _loop_over_known(self: ForNode, loopvars: Any, sequence: Any, *rest: Any, **more: Any) -> None:
    _make_loop(self, loopvars, _KnownSequence(sequence), *rest, **more)  # type: ignore[arg-type]


template_base.FilterExpression = _SituatedExpression  # type: ignore[misc]
ForNode.__init__ = _loop_over_known  # type: ignore[method-assign,assignment]


class ExistingFilesStorage(StaticFilesStorage):
    """Plain names, but only of files that exist and are published."""

    def url(self, name: str | None) -> str:
        _look_for(name)
        return super().url(name)


@cache
def _look_for(name: str | None) -> None:
    """Once for each file: every page names a dozen, and each is looked for in every app."""
    if not name or not finders.find(name):
        raise AssertionError(f"{name}: no such static file")
    if matches_patterns(name, StaticFilesConfig.ignore_patterns):
        raise AssertionError(f"{name}: this static file is not published")
