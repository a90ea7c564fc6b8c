"""What the tests of bulk import share: small sheets, sending them, and looking at what became of them."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from icargos.booking import queries
from icargos.booking.queries import Sheet, SheetRow
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Filters
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.worker import work_off

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
HEADERS = (
    "Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),COD Amount"
)
ROW = "{ref},Overnight,Lahore,Hina Yousaf,0301-4417208,House 12 Street 4 Model Town,1,0.5,1500,Lawn suit"


def csv(*refs: str, headers: str = HEADERS + ",Product Description") -> bytes:
    """A small sheet with one good row for each order ref."""
    return "\n".join([headers, *(ROW.format(ref=ref) for ref in refs)]).encode()


def send(client: Client, data: bytes, name: str = "orders.csv") -> str:
    """Upload a sheet and let the worker check it; returns the import's address."""
    answer = client.post("/imports/", {"sheet": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    return str(answer["Location"])


def sheet(cast: Cast, url: str, who: str = "bilal") -> Sheet:
    """The import behind an address."""
    actor = cast.actor(who)
    with acting(actor):
        return queries.one_import(actor, int(url.split("/")[2]))


def as_matched(cast: Cast, url: str) -> dict[str, str]:
    """The choices of the columns' page as it offers them."""
    return {f"h{one.place}": one.choice for one in sheet(cast, url).understood}


def parcels(cast: Cast, url: str) -> int:
    """How many parcels an import has."""
    actor = cast.actor("bilal")
    with acting(actor):
        return len(consignments.ids(actor, Filters(import_id=int(url.split("/")[2])), most=100_000))


def all_parcels(cast: Cast) -> int:
    """How many parcels shipper A has."""
    actor = cast.actor("bilal")
    with acting(actor):
        return len(consignments.ids(actor, Filters(), most=100_000))


def rows_of(cast: Cast, url: str, *numbers: int) -> list[SheetRow]:
    """Rows of an import, all or those with these numbers."""
    found, actor = sheet(cast, url), cast.actor("bilal")
    with acting(actor):
        return queries.rows(actor, found, numbers=numbers, size=10_000)
