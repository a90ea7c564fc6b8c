"""What both shippers attach and fetch in the walked world: a document at a parcel, a zip of proofs."""

import zlib
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile

from icargos.booking import actions as booking
from icargos.booking.rules.documents import File
from icargos.consignments import queries
from icargos.dispatch import actions as dispatch
from icargos.ground.tenancy import acting
from tests.b2b.files import pdf
from tests.cast import CANARY, NOW, Cast
from tests.house.handing_over import Pair
from tests.worker import work_off


def attach(cast: Cast, cns: tuple[str, str], delivered: tuple[str, str]) -> dict[str, Pair]:
    """Documents at the parcels ``cns`` and zips of the proofs of ``delivered``, Zarqa's and Noor's, as in addresses."""
    found: dict[str, list[int | str]] = {"document_id": [], "zip_id": []}
    for who, mark, cn, handed in zip(("bilal", "zara"), ("", CANARY), cns, delivered, strict=True):
        actor = cast.actor(who)
        file = File("invoice", f"{mark} invoice.pdf".strip(), pdf(text=f"Zinnia Lane {mark}"))
        with acting(actor):
            booking.attach_documents(actor, cn, [file], now=NOW)
            (row,) = _documents(actor, cn)
            ids = queries.numbered(actor, [handed])
            zip_id = dispatch.ask_proofs(actor, ids, base_url="https://x.pk", language="en", now=NOW)
        found["document_id"].append(row.id)
        found["zip_id"].append(zip_id)
    work_off()
    return {name: (mine, theirs) for name, (mine, theirs) in found.items()}


def _documents(actor: Any, cn: str) -> Any:
    from icargos.booking.queries import documents

    return documents(actor, queries.one(actor, cn))


def bodies(cn: str) -> dict[str, dict[str, Any]]:
    """A body for each route of these that takes a POST."""
    return {
        "portal:documents": {"kind": "order", "document": SimpleUploadedFile("walk.pdf", pdf(text="Walk"))},
        "portal:proofs_ask": {"cn": cn},
    }


def unpacked(body: bytes) -> bytes:
    """The body, and what is packed in it: the texts and streams of a PDF, the files of a zip."""
    said = body
    if body[:2] == b"PK":
        with ZipFile(BytesIO(body)) as files:
            said += b"".join(name.encode() + unpacked(files.read(name)) for name in files.namelist())
    if body[:4] == b"%PDF":
        document = pypdfium2.PdfDocument(body)
        words = "\n".join(page.get_textpage().get_text_range() for page in document)
        said += words.encode() + " ".join(words.split()).encode()  # a narrow column breaks what is looked for
        for start in _places(body, b"stream\n"):
            try:
                said += zlib.decompressobj().decompress(body[start:])
            except zlib.error:
                continue
    return said


def _places(body: bytes, what: bytes) -> list[int]:
    found, at = [], body.find(what)
    while at >= 0:
        found.append(at + len(what))
        at = body.find(what, at + 1)
    return found
