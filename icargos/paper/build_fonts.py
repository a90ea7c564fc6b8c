"""Make the label's fonts: static TrueType files from the front end's ``@fontsource`` packages.

Run as ``python -m icargos.paper.build_fonts [node_modules]`` after ``npm ci``. The folder is the argument, else
``ICARGOS_NODE_MODULES``, else ``node_modules`` of the checkout.
"""

import json
import os
import sys
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from icargos.paper.faces import ADVANCES, CUTS, FONTS, JOINED, ZWJ, Cut

# Arabic letters are narrower joined than alone, and the fonts build them from parts: asking the typesetter is exact.
_ASK = """
#set text(font: sys.inputs.family, weight: int(sys.inputs.weight), size: 100pt, lang: "ur", dir: rtl)
#context [#metadata(json(bytes(sys.inputs.forms)).map(form => measure(form).width / 100pt)) <widths>]
"""


def _name(font: TTFont, cut: Cut) -> None:
    """Give the file the family and weight the template asks for, whatever the subset called itself."""
    for name_id in (1, 16):
        font["name"].setName(cut.family, name_id, 3, 1, 0x409)
    for name_id in (2, 17):
        font["name"].setName("Regular", name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = cut.weight


def _joined(cut: Cut, folder: Path) -> dict[str, float]:
    """Advances in em of the joined forms of every Arabic letter, keyed by the letter between its joiners."""
    forms = [form for letter in JOINED for form in (ZWJ + letter, letter + ZWJ, ZWJ + letter + ZWJ)]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    asked = {"family": cut.family, "weight": str(cut.weight), "forms": json.dumps(forms)}
    answer = typst.query(_ASK.encode(), "<widths>", field="value", one=True, font_paths=fonts, sys_inputs=asked)
    return dict(zip(forms, json.loads(answer), strict=True))


def build(node_modules: Path, target: Path = FONTS) -> list[Path]:
    """Write one ``.ttf`` per cut and the table of advances (em per letter) into ``target``; return the font files.

    Raises FileNotFoundError, naming the package to install, when a source file is missing; nothing is written then.
    """
    sources = []
    for cut in CUTS:
        name = f"{cut.package}-{cut.subset}-{cut.weight}-normal.woff2"
        source = node_modules / "@fontsource" / cut.package / "files" / name
        if not source.is_file():
            raise FileNotFoundError(f"{source} is missing: run `npm ci` first (it brings @fontsource/{cut.package}).")
        sources.append(source)
    target.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    advances: dict[str, dict[str, float]] = {}
    for cut, source in zip(CUTS, sources, strict=True):
        font = TTFont(source)
        font.flavor = None
        _name(font, cut)
        em, metrics = font["head"].unitsPerEm, font["hmtx"]
        advances[cut.file] = {chr(code): metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
        font.save(target / cut.file)
        if cut.family == "Noto Sans Arabic":
            advances[cut.file] |= _joined(cut, target)
        made.append(target / cut.file)
    (target / ADVANCES).write_text(json.dumps(advances), encoding="utf-8")
    return made


def main() -> None:
    """Build into the package's own folder and say how many files were made."""
    default = Path(__file__).resolve().parents[2] / "node_modules"
    chosen = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ICARGOS_NODE_MODULES", str(default))
    made = build(Path(chosen))
    sys.stdout.write(f"{len(made)} fonts in {FONTS}\n")


if __name__ == "__main__":
    main()
