"""Form fields that leave off what they do not know, and say so, instead of refusing all."""

from collections.abc import Callable, Sequence

from django import forms

NOT_GIVEN = "non-renseigne"

Choices = Sequence[tuple[str, str]]


class KnownValuesField(forms.Field):
    """Several values of a list; an unknown one is set aside in ``unknown``, never an error."""

    widget = forms.SelectMultiple

    def __init__(self, *, known: Callable[[], Choices], **kwargs: object) -> None:
        super().__init__(**{"required": False, **kwargs})  # type: ignore[arg-type]
        self.known = known
        self.unknown: list[str] = []

    def to_python(self, value: Sequence[str] | None) -> list[str]:
        known = dict(self.known())
        asked = list(dict.fromkeys(text for text in value or [] if text))
        self.unknown = [text for text in asked if text not in known]
        return [text for text in asked if text in known]


class NumberField(forms.Field):
    """A number between two bounds; anything else is set aside in ``unknown``."""

    widget = forms.TextInput

    def __init__(self, *, least: float, most: float, **kwargs: object) -> None:
        super().__init__(**{"required": False, **kwargs})  # type: ignore[arg-type]
        self.least, self.most = least, most
        self.unknown: list[str] = []

    def to_python(self, value: str | None) -> float | None:
        self.unknown = []
        if not value:
            return None
        try:
            number = float(value.replace(",", "."))
        except ValueError:
            number = float("nan")
        if self.least <= number <= self.most:
            return number
        self.unknown = [value]
        return None
