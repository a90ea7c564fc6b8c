"""Django's name for this package."""

from django.apps import AppConfig


class MainConfig(AppConfig):
    """App label ``main``."""

    name = "icargos.main"
    label = "main"
