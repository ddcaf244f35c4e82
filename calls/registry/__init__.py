"""The loader of the real poles: ``load_registry`` in ``loading.py`` is the way in."""
