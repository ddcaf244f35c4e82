from django.urls import register_converter

from poles.record import SECTIONS


class SectionConverter:
    """The name of a section in an address: its ``Section.slug``."""

    regex = "|".join(SECTIONS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SectionConverter, "section")
