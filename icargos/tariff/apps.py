"""Django's name for this package."""

from django.apps import AppConfig


class TariffConfig(AppConfig):
    """App label ``tariff``."""

    name = "icargos.tariff"
    label = "tariff"
