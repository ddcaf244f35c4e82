"""The settings of production, and the addresses that only a benchmark has."""

from ptce_registry.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
