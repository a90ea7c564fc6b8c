"""Django's name for this package."""

from django.apps import AppConfig


class BookingConfig(AppConfig):
    """App label ``booking``."""

    name = "icargos.booking"
    label = "booking"
