from calls.admin import application, call, instalment, records

__all__ = ["application", "call", "instalment", "records"]
