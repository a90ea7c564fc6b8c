"""A courier's day through its own doors: parcels scanned from Karachi to Multan, out with Imran, reported by him."""

import hashlib
import uuid
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone
from PIL import Image

from icargos.dispatch import queries
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.parcels import enter


def event() -> str:
    """An id as the page makes one."""
    return str(uuid.uuid4())


def scan(cast: Cast, who: str, where: str, cns: Sequence[str], **fields: str) -> HttpResponse:
    """Scan, or paste, numbers on a page of the desk, as its script does."""
    body = {"cns": "\n".join(cns), "event": event(), **fields}
    answer: HttpResponse = cast.client(who).post(where, body, headers={"HX-Request": "true"})
    return answer


def at_multan(cast: Cast, number: int = 1, **changes: Any) -> list[str]:
    """Parcels of Zarqa's that stand at the Multan station."""
    cns = [one.cn for one in enter(cast, number, now=timezone.now(), **changes)]
    for who, where in (("sadia", "/desk/arrival/"), ("sadia", "/desk/sending/"), ("dawood", "/desk/arrival/")):
        assert scan(cast, who, where, cns).status_code == 200
    return cns


def sheet(cast: Cast, cns: Sequence[str], *, rider: str = "imran", leave: bool = True) -> int:
    """The id of a run sheet of Multan with these parcels; it has left unless told otherwise."""
    client = cast.client("dawood")
    answer = client.post("/desk/runs/", {"rider": str(cast.people[rider]), "event": event()})
    run = int(answer["Location"].strip("/").rpartition("/")[2])
    if cns:
        assert scan(cast, "dawood", f"/desk/runs/{run}/", cns).status_code == 200
    if leave:
        assert client.post(f"/desk/runs/{run}/dispatch/").status_code == 302
    return run


def stop(cast: Cast, cn: str, rider: str = "imran") -> int:
    """The id of the parcel's stop on the rider's runs."""
    actor = cast.actor(rider)
    with acting(actor):
        return max(one.id for one in queries.stops(actor) if one.cn == cn)


def photo(width: int = 640, height: int = 480) -> SimpleUploadedFile:
    """A picture as a phone sends one."""
    made = BytesIO()
    Image.new("RGB", (width, height), (180, 120, 60)).save(made, "JPEG")
    return SimpleUploadedFile("photo.jpg", made.getvalue(), content_type="image/jpeg")


def signature() -> SimpleUploadedFile:
    """A line on white, as the pad makes it."""
    canvas = Image.new("RGB", (300, 100), "white")
    for x in range(20, 280):
        canvas.putpixel((x, 50), (17, 17, 17))
    made = BytesIO()
    canvas.save(made, "PNG")
    return SimpleUploadedFile("signature.png", made.getvalue(), content_type="image/png")


def report(**fields: Any) -> dict[str, Any]:
    """What every report of the phone carries, and the given fields."""
    now = timezone.now().isoformat()
    place = {"lat": "30.200000", "lng": "71.450000", "accuracy_m": "12.0"}
    return {"event": event(), "device_at": now, "sent_at": now, **place, **fields}


def delivered(**fields: Any) -> dict[str, Any]:
    """A hand-over of a parcel with Rs 1,500 COD."""
    plain = {"receiver": "Sana Malik", "relation": "self", "cod": "1500", "method": "cash"}
    return report(**{**plain, **fields})


def failed(reason: str = "CNA", **fields: Any) -> dict[str, Any]:
    """A visit that failed, with a photo of the door and its hash."""
    picture = photo()
    printed = hashlib.sha256(picture.read()).hexdigest()
    picture.seek(0)
    return report(**{"reason": reason, "photo": picture, "photo_sha256": printed, **fields})


def fail(cast: Cast, cn: str, reason: str = "CNA", **fields: Any) -> None:
    """Imran reports the visit as failed."""
    where = f"/rider/stops/{stop(cast, cn)}/failed/"
    assert cast.client("imran").post(where, failed(reason, **fields)).status_code == 302
