"""Django's name for this package."""

from django.apps import AppConfig


class TrackConfig(AppConfig):
    """App label ``track``."""

    name = "icargos.track"
    label = "track"
