"""Django's name for this package."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """App label ``ui``."""

    name = "icargos.ui"
    label = "ui"
