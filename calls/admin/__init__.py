from calls.admin import application, call, instalment

__all__ = ["application", "call", "instalment"]
