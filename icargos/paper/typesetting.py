"""The press of documents: blocks and pictures in, a PDF on A4 out, by typst."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec
import typst

from icargos.paper.faces import load_fonts
from icargos.paper.press import PressFailed

_TEMPLATE: Final = Path(__file__).with_name("document.typ")
_ONE_AT_A_TIME: Final = Lock()  # A compiler refuses a second caller. Labels have their own, and need not wait.


@cache
def _compiler() -> typst.Compiler:
    """Kept for the life of the process: fonts and template are read once."""
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=load_fonts())


def typeset(job: Mapping[str, object], files: Mapping[str, bytes]) -> bytes:
    """Set what ``document_pdf`` composed, with the pictures it names, tagged for screen readers, fonts subset.

    Raises FontsMissing when the fonts were not built, PressFailed for a picture that cannot be read.
    """
    asked = {"job": msgspec.json.encode({**job, "files": {name: list(data) for name, data in files.items()}}).decode()}
    try:
        with _ONE_AT_A_TIME:
            made = _compiler().compile(format="pdf", sys_inputs=asked, pdf_tags=True)
    except typst.TypstError as error:
        raise PressFailed(str(error)) from error
    assert isinstance(made, bytes)
    return made
