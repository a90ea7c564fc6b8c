"""Django's name for this package."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """Tables prefixed ``ground_``."""

    name = "icargos.ground"
    label = "ground"
