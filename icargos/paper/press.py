"""The press: composed pages in, PDF bytes out, by typst."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import msgspec
import typst

from icargos.paper.faces import load_fonts

_TEMPLATE: Final = Path(__file__).with_name("press.typ")
_ONE_AT_A_TIME: Final = Lock()  # A compiler refuses a second caller; the threads of a web process share one.


class PressFailed(RuntimeError):
    """The pages could not be set; the message is the typesetter's own."""


@cache
def _compiler() -> typst.Compiler:
    """Kept for the life of the process: fonts and template are read once."""
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=load_fonts())


def press(
    pages: Sequence[Mapping[str, object]], *, width: float, height: float, title: str, logos: Mapping[str, bytes]
) -> bytes:
    """Set the pages (``Sheet.page()``) at ``width`` x ``height`` points as one PDF, untagged, fonts subset.

    Raises FontsMissing when the fonts were not built, PressFailed for a logo that cannot be read.
    """
    made = _compiled(pages, width, height, title, logos, format="pdf", pdf_tags=False)
    assert isinstance(made, bytes)
    return made


def picture(
    pages: Sequence[Mapping[str, object]], *, width: float, height: float, dpi: float, logos: Mapping[str, bytes]
) -> list[bytes]:
    """The same pages as PNG images of ``dpi`` dots to the inch, one each. Raises as ``press`` does."""
    made = _compiled(pages, width, height, "", logos, format="png", ppi=dpi)
    return [made] if isinstance(made, bytes) else list(made)


def _compiled(
    pages: Sequence[Mapping[str, object]],
    width: float,
    height: float,
    title: str,
    logos: Mapping[str, bytes],
    **how: Any,
) -> Any:
    job = {
        "title": title,
        "width": width,
        "height": height,
        "pages": pages,
        "logos": {digest: list(data) for digest, data in logos.items()},
    }
    asked = {"job": msgspec.json.encode(job).decode()}
    try:
        with _ONE_AT_A_TIME:
            return _compiler().compile(sys_inputs=asked, **how)
    except typst.TypstError as error:
        raise PressFailed(str(error)) from error
