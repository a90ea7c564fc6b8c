"""Django's name for this package."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """App label ``api``."""

    name = "icargos.api"
    label = "api"
