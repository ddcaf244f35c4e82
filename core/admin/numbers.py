"""Numbers as the pages of the admin read and show them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format


class FrenchDecimalField(forms.DecimalField):
    """As a French hand types it or copies it from a page: 60 000,50 €; shown the same way."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "vDecimalField"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "localize": True})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        whole = self.decimal_places == 2 and value == value.to_integral_value()
        text = number_format(value, decimal_pos=0 if whole else None, force_grouping=True)
        return text.replace("\u00a0", "\u202f")

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.replace("€", "").split())
        return super().to_python(value)
