"""Django's name for this package."""

from django.apps import AppConfig


class ConsignmentsConfig(AppConfig):
    """App label ``consignments``."""

    name = "icargos.consignments"
    label = "consignments"
