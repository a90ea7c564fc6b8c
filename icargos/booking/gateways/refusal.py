"""Why a file is not read at all."""

from collections.abc import Callable

from icargos.booking.rules.problems import Code
from icargos.kit.errors import Refused


class SheetRefused(Refused):
    """A file that cannot be read as a sheet of orders; nothing of it was used.

    ``code`` is FILE_UNREADABLE, FILE_ENCRYPTED, FILE_TOO_BIG or HEADER_MISSING.
    """

    http_status = 422

    def __init__(self, code: Code, template: str, **params: str) -> None:
        super().__init__(template % params)
        self.code = code.value
        self.template = template
        self.params = params

    def say(self, translate: Callable[[str], str]) -> str:
        """The sentence in the reader's language; ``translate`` is gettext."""
        return translate(self.template) % self.params
