"""The live process's own worker: what granian loads."""

from typing import Any

from icargos.main.home import set_up_django
from icargos.main.processes.parent import die_with_parent


def build() -> Any:
    """The ASGI application, with Django loaded first."""
    die_with_parent()
    set_up_django()
    from icargos.main.live import application

    return application
