from django import forms

from poles.models import Theme
from workspace.sections.base import LongText, SectionForm, of


class IdentityForm(SectionForm):
    slug = "identite"

    name = of("name", help_text="Celui que le pôle se donne, en toutes lettres.")
    acronym = of("acronym", help_text="S’il en a un, comme «\u00a0ECLAIRA\u00a0».")
    summary = LongText(
        label="Résumé",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "En une ou deux phrases, pour qui ne connaît pas le pôle\u00a0: qui s’y associe, pour "
            "faire quoi. 400\u00a0caractères au plus."
        ),
    )
    description = LongText(
        label="Description",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Son histoire, sa stratégie commune, ce qu’il change sur son territoire.",
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Thèmes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ceux sur lesquels ses membres agissent vraiment\u00a0: un à quatre suffisent.",
    )
    website = of(
        "website",
        label="Site internet",
        assume_scheme="https",
        help_text="L’adresse complète, comme https://www.exemple.fr.",
    )
