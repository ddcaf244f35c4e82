from poles.admin import consequences, pole, proposals, work

__all__ = ["consequences", "pole", "proposals", "work"]
