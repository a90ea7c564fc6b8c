"""One chunk of labels, set in this process; as a program, a msgpack job on standard input to parts on the output."""

import struct
import sys
from collections.abc import Sequence
from typing import Final

import msgspec

from icargos.paper.composing import compose
from icargos.paper.formats import FIRST, FORMATS, Format
from icargos.paper.label import Label
from icargos.paper.parts import logos_of
from icargos.paper.press import press
from icargos.paper.zpl import zpl

LENGTH: Final = struct.Struct(">IQ")  # before each part: how many labels, how many bytes
_PART: Final = 200  # so that whoever waits hears of it; setting more at once is hardly quicker


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What a child process is sent. The logos, which most labels share, travel once, and a label holds their places."""

    form: str
    labels: list[Label]
    logos: list[bytes]
    places: list[tuple[int, int]]


def set_chunk(labels: Sequence[Label], form: Format = FIRST) -> bytes:
    """The labels in order: a plain PDF with a page for each (and each copy), not yet put on sheets, or ZPL."""
    logos = logos_of(labels)
    if form.dots:
        return zpl(labels, form, logos)
    pages = [compose(label, form, copy).page() for label in labels for copy in range(form.copies)]
    across, down = form.label
    return press(pages, width=across, height=down, title="Labels", logos=logos)


def packed(labels: Sequence[Label], form: Format) -> bytes:
    """The chunk as a job for a child process."""
    logos: dict[bytes, int] = {b"": 0}
    places = []
    bare = []
    for label in labels:
        pair = [logos.setdefault(logo, len(logos)) for logo in (label.courier_logo, label.shipper_logo)]
        places.append((pair[0], pair[1]))
        bare.append(msgspec.structs.replace(label, courier_logo=b"", shipper_logo=b"") if any(pair) else label)
    return msgspec.msgpack.encode(Job(form=form.code, labels=bare, logos=list(logos), places=places))


def unpacked(data: bytes) -> tuple[list[Label], Format]:
    """What ``packed`` packed."""
    job = msgspec.msgpack.decode(data, type=Job)
    labels = [
        msgspec.structs.replace(label, courier_logo=job.logos[one], shipper_logo=job.logos[other])
        if one or other
        else label
        for label, (one, other) in zip(job.labels, job.places, strict=True)
    ]
    return labels, FORMATS[job.form]


def main() -> None:
    """Set the job on standard input, and write each part as soon as it is set."""
    labels, form = unpacked(sys.stdin.buffer.read())
    for first in range(0, len(labels), _PART):
        some = labels[first : first + _PART]
        part = set_chunk(some, form)
        sys.stdout.buffer.write(LENGTH.pack(len(some), len(part)) + part)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
