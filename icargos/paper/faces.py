"""The label's type: which fonts it needs, where they are, and how wide their letters run."""

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from unicodedata import combining

import typst

FONTS: Final = Path(__file__).resolve().parent / "fonts"
ADVANCES: Final = "advances.json"


class Cut(NamedTuple):
    """One font file: its package, subset and weight, and the family name the template asks for."""

    package: str
    subset: str
    weight: int
    family: str

    @property
    def file(self) -> str:
        """The file's name in the fonts folder."""
        return f"{self.family.replace(' ', '')}-{self.weight}.ttf"


# A subset is a family of its own: the typesetter picks one file per family and weight, never two.
CUTS: Final = (
    *(Cut("geist", "latin", weight, "Geist") for weight in (400, 500, 600, 700, 800)),
    *(Cut("geist", "latin-ext", weight, "Geist Ext") for weight in (400, 700)),
    Cut("geist-mono", "latin", 600, "Geist Mono"),
    *(Cut("noto-sans-arabic", "arabic", weight, "Noto Sans Arabic") for weight in (400, 600)),
    Cut("noto-nastaliq-urdu", "arabic", 600, "Noto Nastaliq Urdu"),
)

# The fonts of each face, in the order the template tries them.
FACES: Final = {
    **{str(weight): (f"Geist-{weight}.ttf", "GeistExt-400.ttf", "NotoSansArabic-400.ttf") for weight in (400, 500)},
    **{str(weight): (f"Geist-{weight}.ttf", "GeistExt-700.ttf", "NotoSansArabic-600.ttf") for weight in (600, 700)},
    "800": ("Geist-800.ttf", "GeistExt-700.ttf", "NotoSansArabic-600.ttf"),
    "mono": ("GeistMono-600.ttf", "Geist-600.ttf", "NotoSansArabic-600.ttf"),
    "nastaliq": ("NotoNastaliqUrdu-600.ttf", "Geist-600.ttf"),
}
TRACKING: Final = {"800": -0.05}

ZWJ: Final = "\u200d"
# Letters of Arabic script that join the letter before them; of these, some do not join the one after.
_ENDS_JOIN: Final = frozenset("آأؤإاةدذرزوٱڈډڌڎڑړژۃۂەۆۇۈۋےۓ")
JOINED: Final = frozenset(
    map(chr, (*range(0x0620, 0x064B), *range(0x066E, 0x06D4), 0x06D5, 0x06FA, 0x06FF))
) - frozenset("ءٰٮٴۀ\u0670\u0674\u0675\u0676\u0677\u0678")


class FontsMissing(RuntimeError):
    """The fonts were not built; a label without them would be silently ugly, so none is made."""


def _missing(names: list[str]) -> FontsMissing:
    return FontsMissing(
        f"The label's fonts are not built ({', '.join(names)}): "
        "run `npm ci`, then `python -m icargos.paper.build_fonts`."
    )


@cache
def load_fonts(folder: Path = FONTS) -> typst.Fonts:
    """The label's fonts, read once per process, and nothing from the machine.

    Raises FontsMissing, with the command to run, when one is absent.
    """
    absent = [cut.file for cut in CUTS if not (folder / cut.file).is_file()]
    if absent:
        raise _missing(absent)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    unread = sorted({cut.family for cut in CUTS} - set(fonts.families()))
    if unread:
        raise _missing(unread)
    return fonts


@cache
def _advances(face: str, folder: Path = FONTS) -> dict[str, float]:
    """Advances in em of every letter a face can show, and of the joined forms of Arabic ones."""
    together: dict[str, float] = {}
    for name in reversed(FACES[face]):
        together.update(_files(folder)[name])
    return together


@cache
def _files(folder: Path) -> dict[str, dict[str, float]]:
    try:
        files: dict[str, dict[str, float]] = json.loads((folder / ADVANCES).read_bytes())
    except FileNotFoundError:
        raise _missing([ADVANCES]) from None
    return files


def _forms(text: str) -> list[str]:
    """Each letter as it joins its neighbours, written with joiners; marks above and below take no room."""
    letters = [letter for letter in text if not combining(letter)]
    forms = []
    before = False
    for letter, following in zip(letters, [*letters[1:], ""], strict=True):
        joins = letter in JOINED
        after = joins and letter not in _ENDS_JOIN and (following in JOINED or following == ZWJ)
        forms.append(f"{ZWJ if before and joins else ''}{letter}{ZWJ if after else ''}")
        before = after
    return forms


@lru_cache(4096)  # captions, shippers and cities come again on every label
def width_em(face: str, text: str) -> tuple[float, bool]:
    """How wide ``text`` runs in em, never less than it prints, and whether that is near enough to decide by.

    Latin is exact to 1 % (kerning), joined Arabic to 4 %; Nastaliq, whose letters lean over one another, and a letter
    that no font has are bounds only.
    """
    advances = _advances(face)
    tracking = TRACKING.get(face, 0.0) * len(text)
    try:
        if text.isascii():
            return 1.01 * sum([advances[letter] for letter in text]) + tracking, True
        return 1.02 * sum([advances[form] for form in _forms(text)]) + tracking, face != "nastaliq"
    except KeyError:
        return 1.1 * sum([advances.get(letter, 1.3) for letter in text]), False


def cut_to(face: str, text: str, em: float) -> str:
    """The longest beginning of ``text`` (one whose width is known) that fits ``em`` with an ellipsis after it."""
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if width_em(face, text[:middle] + "…")[0] <= em:
            least = middle
        else:
            most = middle - 1
    return text[:least].rstrip(" ,.-") + "…"
