"""Django's name for this package."""

from django.apps import AppConfig


class RiderConfig(AppConfig):
    """App label ``rider``."""

    name = "icargos.rider"
    label = "rider"
