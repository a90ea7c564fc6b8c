"""The first page of a print as a picture for the screen."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from icargos.paper.composing import compose
from icargos.paper.formats import Format
from icargos.paper.label import Label
from icargos.paper.parts import logos_of
from icargos.paper.press import picture

_GREY = 150
_FINEST = 300.0  # dots to the inch; a small label need not be larger than life


def preview(labels: Sequence[Label], form: Format, *, width: int, start: int = 0) -> bytes:
    """The first page as a grey PNG about ``width`` pixels wide, as print_labels would fill it.

    Raises ValueError for no label, FontsMissing, PressFailed.
    """
    if not labels:
        raise ValueError("no labels to show")
    across, down = form.page
    scale = min(width / across, _FINEST / 72)
    shown = labels[: form.places - start]
    pages = [compose(label, form, copy).page() for label in shown for copy in range(form.copies)]
    wide, tall = form.label
    images = []
    for data in picture(pages, width=wide, height=tall, dpi=72 * scale, logos=logos_of(shown)):
        with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
            images.append(opened.convert("L"))
    if not form.cells:
        return _png(images[0])
    sheet = Image.new("L", (round(across * scale), round(down * scale)), 255)
    for image, cell in zip(images, form.cells[start:], strict=False):
        drawn = image.transpose(Image.Transpose.ROTATE_90) if cell.turned else image
        sheet.paste(drawn, (round(cell.x * scale), round(cell.y * scale)))
    pencil = ImageDraw.Draw(sheet)
    for x, y in form.cuts:
        if x:
            pencil.line((x * scale, 0, x * scale, sheet.height), fill=_GREY)
        else:
            pencil.line((0, y * scale, sheet.width, y * scale), fill=_GREY)
    return _png(sheet)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()
