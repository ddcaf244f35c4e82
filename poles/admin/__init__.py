from poles.admin import pole, proposals, work

__all__ = ["pole", "proposals", "work"]
