"""The ui app: templates, template tags and static files; no tables."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers the shared templates and the built front end."""

    name = "icargos.ui"
    label = "ui"
