"""Django's name for this package."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """App label ``finance``."""

    name = "icargos.finance"
    label = "finance"
