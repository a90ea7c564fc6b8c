"""Make the sample sheets: ``python -m samples.make`` writes them beside this file, the same bytes each time."""

import csv
import datetime
import random
from collections.abc import Sequence, Set
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).resolve().parent
TITLES = (
    "Order Ref,Service,Pickup Profile,Destination City,Consignee Name,Consignee Phone,Alt Phone,Consignee Email,"
    "Consignee Address,Landmark,Pieces,Weight (kg),Length (cm),Width (cm),Height (cm),COD Amount,"
    "Product Description,Declared Value,Allow Open (Y/N),Fragile (Y/N),Proof (none/signature/photo/code),Remarks"
).split(",")
STARRED = {1, 3, 4, 5, 8, 10, 11, 15, 16}
REF, SERVICE, PROFILE, CITY, NAME, PHONE, ALT, EMAIL, ADDRESS, LANDMARK, PIECES, WEIGHT = range(12)
LENGTH, WIDTH, HEIGHT, COD, PRODUCT, DECLARED, OPEN, FRAGILE, PROOF, REMARKS = range(12, 22)

_CITIES = (
    "Karachi Karachi Karachi Lahore Lahore Lahore Islamabad Rawalpindi Faisalabad Multan Peshawar Quetta Hyderabad "
    "Gujranwala Sialkot Sargodha Bahawalpur Sukkur Sahiwal Gujrat Mardan Okara Abbottabad Jhelum"
).split()
_FIRST = (
    "Ayesha Fatima Zainab Maryam Hira Sana Nadia Rabia Kiran Mahnoor Ali Ahmed Hassan Usman Bilal Hamza Omar Saad "
    "Faisal Imran Kashif Tariq Waqas Junaid Shahid Farhan Adeel Nida Sadia Iqra"
).split()
_LAST = "Khan Malik Ahmed Hussain Qureshi Siddiqui Sheikh Butt Chaudhry Raza Abbasi Mirza Baig Shah Javed Iqbal".split()
_AREAS = (
    "Gulshan-e-Iqbal,Model Town,DHA Phase 5,Johar Town,Satellite Town,North Nazimabad,Bahria Town,Cantt,Saddar,"
    "Garden Town,Peoples Colony,Gulberg III,Civil Lines,Wapda Town,F-10 Markaz,PECHS"
).split(",")
_GOODS = (
    ("Lawn suit 3 pc", 2750, 800),
    ("Bed sheet set king", 3900, 1900),
    ("Embroidered kurta", 1850, 450),
    ("Cushion covers x5", 1400, 700),
    ("Bath towels x4", 2600, 1500),
    ("Winter shawl", 3200, 600),
    ("Kids frock", 1250, 350),
    ("Quilt double", 5900, 3400),
)
_LANDMARKS = ("Near Askari Park", "Opposite Govt Girls School", "Behind PSO pump", "Near Jamia Masjid", "")
Row = list[object]


def orders(count: int, seed: int, prefix: str = "ZT") -> list[Row]:
    """Rows of well-written orders in the sheet's own columns; the same for the same seed."""
    pick = random.Random(seed)
    rows: list[Row] = []
    for serial in range(1, count + 1):
        product, price, grams = pick.choice(_GOODS)
        pieces = pick.choice((1, 1, 1, 1, 2, 3))
        row: Row = [""] * len(TITLES)
        row[REF] = f"{prefix}-{seed % 100:02d}{serial:05d}"
        row[SERVICE] = pick.choice(("Overnight", "Overnight", "Overnight", "Second Day", "Overland"))
        row[CITY] = pick.choice(_CITIES)
        row[NAME] = f"{pick.choice(_FIRST)} {pick.choice(_LAST)}"
        row[PHONE] = _mobile(pick)
        row[ALT] = _mobile(pick) if pick.random() < 0.15 else ""
        row[EMAIL] = f"customer{serial}@example.com" if pick.random() < 0.2 else ""
        row[ADDRESS] = (
            f"House {pick.randint(1, 480)}, Street {pick.randint(1, 60)}, Block {pick.choice('ABCDEFGH')}, "
            f"{pick.choice(_AREAS)}"
        )
        row[LANDMARK] = pick.choice(_LANDMARKS)
        row[PIECES] = pieces
        row[WEIGHT] = round(grams * pieces / 1000, 2)
        if pick.random() < 0.1:
            row[LENGTH], row[WIDTH], row[HEIGHT] = 40, 30, pick.choice((8, 12, 20))
        row[COD] = 0 if pick.random() < 0.12 else price * pieces
        row[PRODUCT] = product
        row[DECLARED] = price * pieces if pick.random() < 0.1 else ""
        row[OPEN] = pick.choice(("N", "N", "N", "Y"))
        row[FRAGILE] = "N"
        row[PROOF] = pick.choice(("none", "none", "signature", "code"))
        row[REMARKS] = pick.choice(("", "", "", "Call before delivery", "Deliver after 5 pm"))
        rows.append(row)
    return rows


def _mobile(pick: random.Random) -> str:
    code = pick.choice(("0300", "0301", "0312", "0321", "0322", "0333", "0334", "0345", "0347"))
    return f"{code}-{pick.randint(1_000_000, 9_999_999)}"


def write_xlsx(
    path: Path,
    headers: Sequence[str],
    rows: Sequence[Row],
    *,
    title: str = "",
    hidden: Set[int] = frozenset(),
    second_sheet: bool = False,
) -> None:
    """Write one sheet named Orders; numbers stay numbers, text stays text. ``hidden`` names 0-based data rows."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"created": datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC).replace(tzinfo=None)})
    sheet = book.add_worksheet("Orders")
    date = book.add_format({"num_format": "dd-mmm"})
    top = 0
    if title:
        sheet.write(0, 0, title)
        top = 2
    sheet.write_row(top, 0, headers)
    for place, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(place, column, datetime.datetime.combine(value, datetime.time()), date)
            elif isinstance(value, str) and value.startswith("=") and not value.startswith('="'):
                sheet.write_formula(place, column, value, None, "")
            elif value != "":
                sheet.write(place, column, value)
    for place in hidden:
        sheet.set_row(top + 1 + place, None, None, {"hidden": True})
    if second_sheet:
        book.add_worksheet("Price list").write_row(0, 0, ["Article", "Price"])
    book.close()


# Each of these breaks one row on purpose, and the code is what must be said about it.
BAD: tuple[tuple[dict[int, object], str], ...] = (
    ({COD: ""}, "REQUIRED"),
    ({NAME: " \u00a0 "}, "REQUIRED"),
    ({ADDRESS: ""}, "REQUIRED"),
    ({PHONE: ""}, "REQUIRED"),
    ({SERVICE: ""}, "REQUIRED"),
    ({COD: "to be told"}, "TYPE"),
    ({PIECES: datetime.date(2026, 3, 2)}, "TYPE"),
    ({COD: "=P2*2"}, "TYPE"),
    ({OPEN: "maybe"}, "TYPE"),
    ({EMAIL: "sana.at.example.com"}, "TYPE"),
    ({PIECES: 120}, "RANGE"),
    ({WEIGHT: 750}, "RANGE"),
    ({COD: 1499.5}, "RANGE"),
    ({ADDRESS: "Lahore"}, "RANGE"),
    ({PHONE: "3.001E+09"}, "PHONE_INVALID"),
    ({PHONE: "0300-12345"}, "PHONE_INVALID"),
    ({PHONE: "042-35761234"}, "PHONE_INVALID"),
    ({CITY: "Faisalabd"}, "CITY_UNKNOWN"),
    ({CITY: "Atlantis"}, "CITY_UNKNOWN"),
    ({CITY: "Panjgur"}, "CITY_NOT_SERVED"),
    ({SERVICE: "Teleport"}, "SERVICE_NOT_AVAILABLE"),
    ({COD: 250_000}, "COD_OVER_LIMIT"),
    ({REF: "ZT-2100001"}, "DUP_IN_FILE"),
    ({PROFILE: "Moon depot"}, "PROFILE_UNKNOWN"),
    ({SERVICE: "Overnight", WEIGHT: 95}, "WEIGHT_OVER_SERVICE"),
    ({CITY: "Lahoree Sharif", PHONE: "n/a"}, "CITY_UNKNOWN"),  # two in one row
)

# Each of these looks wrong and is not: the row must be booked, at most with a warning.
TRAPS: tuple[dict[int, object], ...] = (
    {COD: "Rs 1,500/-"},
    {COD: "PKR 2,350.00"},
    {COD: "۱۵۰۰"},
    {PHONE: "۰۳۰۰-۱۲۳۴۵۶۷"},
    {PHONE: 3001234567},
    {PHONE: "+92 321 7654321"},
    {PHONE: "0092-333-1234567"},
    {PHONE: "0300-1112223 / 0321-4445556"},
    {CITY: "  Karachi\u00a0"},
    {CITY: "کراچی"},
    {CITY: "كراچي"},
    {CITY: "LAHORE"},
    {CITY: "Pindi"},
    {NAME: "علي خان"},
    {WEIGHT: "1.2 kg"},
    {WEIGHT: "500 g"},
    {PIECES: "2 pcs"},
    {OPEN: "yes"},
    {PROOF: "OTP"},
    {ADDRESS: "Main bazar, near clock tower"},
    {ADDRESS: "مکان ۱۲، گلی ۵، ماڈل ٹاؤن، لاہور"},
    {ADDRESS: "House 12,\nStreet 5,\nModel Town"},
    {SERVICE: "overnight "},
)


def messy() -> tuple[list[Row], set[int]]:
    """500 orders as they really come: the bad rows, the traps, blank rows between, rows hidden by a filter."""
    rows = orders(500, 21)
    for step, (cells, _code) in enumerate(BAD):
        _put(rows[7 + step * 18], cells)
    for step, cells in enumerate(TRAPS):
        _put(rows[12 + step * 19], cells)
    for place in (480, 300, 120):
        rows.insert(place, [""] * len(TITLES))
    rows.extend([" ", *[""] * (len(TITLES) - 1)] for _ in range(15))
    return rows, {45, 46, 47}


def _put(row: Row, cells: dict[int, object]) -> None:
    for place, value in cells.items():
        row[place] = value


def _write_others() -> None:
    """Three sheets as people export them for other couriers."""
    first = orders(40, 31, "SO")
    headers = "orderRefNumber,invoicePayment,orderDetail,customerName,customerPhone,deliveryAddress,cityName,items"
    with (HERE / "courier-a.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*headers.split(","), "Estimated Weight", "transactionNotes"])
        taken = [REF, COD, PRODUCT, NAME, PHONE, ADDRESS, CITY, PIECES, WEIGHT, REMARKS]
        writer.writerows([row[place] for place in taken] for row in first)
    second = orders(40, 32, "BK")
    headers = (
        "Sr #,Order Id,Service Type,Consignee,Consignee Contact,Consignee City Name,Delivery Address,No of Pieces,"
        "Weight (Kgs),Collect Amount,Product Details,Special Instructions,Shipper Name"
    )
    taken = [REF, SERVICE, NAME, PHONE, CITY, ADDRESS, PIECES, WEIGHT, COD, PRODUCT, REMARKS]
    rows: list[Row] = [
        [serial, *(row[place] for place in taken), "Zarqa Textiles"] for serial, row in enumerate(second, start=1)
    ]
    write_xlsx(HERE / "courier-b.xlsx", headers.split(","), rows, title="Booking sheet - Zarqa Textiles - November")
    third = orders(40, 33, "TX")
    headers = (
        "consignee_name;mobile;phone_2;deliver_to;consignee_address;item_description;item_quantity;weight_g;"
        "order_amount;reference_no;notes"
    )
    with (HERE / "courier-c.csv").open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(headers.split(";"))
        for row in third:
            weight = row[WEIGHT]
            assert isinstance(weight, float)
            taken = [NAME, PHONE, ALT, CITY, ADDRESS, PRODUCT, PIECES]
            writer.writerow([*(row[place] for place in taken), round(weight * 1000), row[COD], row[REF], row[REMARKS]])


def main() -> None:
    """Write every sample."""
    starred = [title + ("*" if place in STARRED else "") for place, title in enumerate(TITLES)]
    write_xlsx(HERE / "clean.xlsx", starred, orders(500, 20))
    rows, hidden = messy()
    write_xlsx(HERE / "messy.xlsx", starred, rows, title="Zarqa Textiles orders", hidden=hidden, second_sheet=True)
    _write_others()


if __name__ == "__main__":
    main()
