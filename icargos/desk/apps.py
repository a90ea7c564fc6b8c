"""Django's name for this package."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """App label ``desk``."""

    name = "icargos.desk"
    label = "desk"
