from calls.admin import application, call

__all__ = ["application", "call"]
