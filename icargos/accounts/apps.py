"""Django's name for this package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Tables prefixed ``accounts_``."""

    name = "icargos.accounts"
    label = "accounts"
