"""Django's name for this package."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """App label ``portal``."""

    name = "icargos.portal"
    label = "portal"
