from calls.admin import application, call, instalment, letter_templates, letters, records

__all__ = ["application", "call", "instalment", "letter_templates", "letters", "records"]
