"""One chunk of labels, set in this process; as a program, msgpack labels on standard input to a PDF on the output."""

import sys
from collections.abc import Sequence

import msgspec

from icargos.paper.airway_bill import HEIGHT, WIDTH, compose, digest
from icargos.paper.label import Label
from icargos.paper.press import press


def set_chunk(labels: Sequence[Label]) -> bytes:
    """The labels as one plain PDF, one page each, in order."""
    logos = {digest(logo): logo for label in labels for logo in (label.courier_logo, label.shipper_logo) if logo}
    return press([compose(label) for label in labels], width=WIDTH, height=HEIGHT, title="Labels", logos=logos)


if __name__ == "__main__":
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[Label])
    sys.stdout.buffer.write(set_chunk(asked))
