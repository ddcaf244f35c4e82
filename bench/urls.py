"""The product's addresses, and the floors beside them."""

from django.urls import path

from bench import floors
from ptce_registry.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
)
from ptce_registry.urls import urlpatterns as product

urlpatterns = [
    path("banc/octets<path:asked>", floors.bytes_floor),
    path("banc/rendu<path:asked>", floors.render_floor),
    *product,
]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
