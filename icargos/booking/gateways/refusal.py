"""Why a file is not read at all, as the reading process says it."""

from icargos.booking.rules.problems import Code


class Unfit(Exception):
    """A file that cannot be read as a sheet of orders. Light, since the reading process starts for each file."""

    def __init__(self, code: Code, template: str, **params: str) -> None:
        super().__init__(template % params)
        self.code = code
        self.template = template
        self.params = params
