"""Django's name for this package."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """App label ``dispatch``."""

    name = "icargos.dispatch"
    label = "dispatch"
