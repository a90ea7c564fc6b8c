"""From a label and a format to a sheet laid out."""

from typing import Final

from icargos.paper import airway_bill, copy_strip, small_label
from icargos.paper.formats import Format
from icargos.paper.label import Label
from icargos.paper.sheet import Sheet

_LAYOUTS: Final = {
    "bill": ((airway_bill.WIDTH, airway_bill.HEIGHT), airway_bill.compose),
    "copy": ((copy_strip.WIDTH, copy_strip.HEIGHT), copy_strip.compose),
    "small": ((small_label.WIDTH, small_label.HEIGHT), small_label.compose),
}


def compose(label: Label, form: Format, copy: int = 0) -> Sheet:
    """One label's page in this format; ``copy`` counts from 0 where a format has several of each label."""
    (width, height), lay_out = _LAYOUTS[form.layout]
    across, down = form.label
    sheet = Sheet(
        across,
        down,
        scale=form.scale,
        left=(across - width * form.scale) / 2,
        top=(down - height * form.scale) / 2,
        dot=form.dot,
    )
    lay_out(label, sheet, copy)
    if form.framed:
        sheet.box(0, 0, width, height, filled=False, line=0.75)
    return sheet
