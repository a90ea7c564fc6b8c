"""Django's name for this package."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """App label ``places``."""

    name = "icargos.places"
    label = "places"
