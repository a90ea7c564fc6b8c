import csv
from math import cos, radians
from pathlib import Path
from typing import Any

from django.db import migrations

CSV = Path(__file__).resolve().parents[1] / "pk_cities.csv"
PROVINCES = {
    "Punjab": "PB",
    "Sindh": "SD",
    "Khyber Pakhtunkhwa": "KP",
    "Balochistan": "BA",
    "Islamabad Capital Territory": "IS",
    "Azad Jammu & Kashmir": "JK",
    "Gilgit-Baltistan": "GB",
}
# Northern Punjab is priced with the north, the rest of the province with the centre.
NORTH_PUNJAB = {
    "RWP", "WAH", "JLM", "ATK", "CKW", "MUR", "TXL", "GJK", "KHT", "HAB", "KMR", "FJG", "PGB", "TLG", "DIN", "SOH",
    "PDK",
}  # fmt: skip
ZONES = {"SD": "south", "BA": "south", "PB": "central", "KP": "north", "IS": "north", "JK": "north", "GB": "north"}
METROS = {"RWP": "ISB"}
# Starting values; an administrator edits them as the network grows.
OSA = {
    "CJL", "GIL", "KDU", "HNZ", "GWD", "TUK", "KDD", "PZH", "LRG", "CMN", "KBH", "BEL", "MTH", "TNK", "RAZ", "BGH",
    "BTG", "UMD",
}  # fmt: skip
NOT_SERVED = {"PAJ", "PJG"}
STATIONS = {
    "KHI": "Karachi",
    "HDD": "Hyderabad",
    "SKZ": "Sukkur",
    "UET": "Quetta",
    "MUX": "Multan",
    "LHE": "Lahore",
    "GRW": "Gujranwala",
    "FSD": "Faisalabad",
    "ISB": "Islamabad",
    "PEW": "Peshawar",
}


def _apart(a: Any, b: Any) -> float:
    """Distance squared, good enough to choose the nearest station of one country."""
    return float((a.lat - b.lat) ** 2 + ((a.lon - b.lon) * cos(radians((a.lat + b.lat) / 2))) ** 2)


def load(apps, schema_editor):
    """Cities from the data file, ten stations, and a route for each city: the nearest station, nearest first."""
    city, station = apps.get_model("places", "City"), apps.get_model("places", "Station")
    with CSV.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    cities = city.objects.bulk_create(
        city(
            name=line["name"],
            province=PROVINCES[line["province"]],
            code=line["code"],
            lat=float(line["lat"]),
            lon=float(line["lon"]),
            aliases=[alias.strip() for alias in line["aliases"].split(",") if alias.strip()],
            urdu=line["urdu"],
            zone="north" if line["code"] in NORTH_PUNJAB else ZONES[PROVINCES[line["province"]]],
            metro=METROS.get(line["code"], line["code"]),
            served=line["code"] not in NOT_SERVED,
            osa=line["code"] in OSA,
        )
        for line in lines
    )
    homes = {row.code: row for row in cities if row.code in STATIONS}
    stations = {
        code: station.objects.create(code=code, name=f"{name} Station", city=homes[code])
        for code, name in STATIONS.items()
    }
    districts: dict[str, list[Any]] = {code: [] for code in STATIONS}
    for row in cities:
        districts[min(homes, key=lambda code: _apart(row, homes[code]))].append(row)
    for code, rows in districts.items():
        rows.sort(key=lambda row: _apart(row, homes[code]))
        for route, row in enumerate(rows, start=1):
            row.station, row.route = stations[code], route
    city.objects.bulk_update(cities, ["station", "route"])


class Migration(migrations.Migration):
    dependencies = [("places", "0003_routes")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
