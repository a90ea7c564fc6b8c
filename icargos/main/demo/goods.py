"""What the demo's shippers send, and to whom."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from icargos.booking.rules.order import Order
from icargos.main.demo.people import BARQ, NOOR, ZARQA
from icargos.places.rules import CityIndex

# By how many people live there, roughly; the rest of the country shares the last few.
TO: Mapping[str, float] = {
    "Karachi": 20, "Lahore": 19, "Islamabad": 8, "Rawalpindi": 8, "Faisalabad": 7, "Multan": 5, "Peshawar": 4.5,
    "Hyderabad": 4, "Gujranwala": 4, "Sialkot": 3, "Quetta": 2, "Sargodha": 2, "Bahawalpur": 2, "Sukkur": 1.4,
    "Gujrat": 1.4, "Sheikhupura": 1.2, "Sahiwal": 1.2, "Rahim Yar Khan": 1.1, "Mardan": 1, "Abbottabad": 0.9,
    "Jhelum": 0.9, "Okara": 0.9, "Wah Cantt": 0.8, "Kasur": 0.8, "Dera Ghazi Khan": 0.8, "Larkana": 0.7, "Jhang": 0.7,
    "Mingora": 0.6, "Nawabshah": 0.6, "Mirpur Khas": 0.6, "Chiniot": 0.4, "Kohat": 0.4, "Attock": 0.4, "Vehari": 0.4,
    "Khanewal": 0.4, "Mianwali": 0.3, "Hafizabad": 0.3, "Muzaffarabad": 0.4, "Gilgit": 0.2, "Gwadar": 0.1,
}  # fmt: skip
_FIRST = (
    "Hina", "Bilal", "Maryam", "Sana", "Kamran", "Umer", "Zainab", "Ahmed", "Ali", "Rabia", "Faisal", "Iqra", "Noor",
    "Hassan", "Ayesha", "Fatima", "Usman", "Saad", "Nimra", "Amna", "Talha", "Hamza", "Mehwish", "Sidra", "Waqas",
    "Anum", "Shahzad", "Kiran", "Rehan", "Sadaf", "Imtiaz", "Bushra", "Danish", "Komal", "Adeela", "Junaid",
)  # fmt: skip
_LAST = (
    "Yousaf", "Raza", "Siddiqui", "Iqbal", "Akmal", "Farooq", "Malik", "Nawaz", "Hassan", "Anwar", "Jatoi", "Shah",
    "Khan", "Butt", "Chaudhry", "Qureshi", "Memon", "Baloch", "Afridi", "Mughal", "Rana", "Bhatti", "Awan", "Soomro",
    "Gilani", "Abbasi", "Mirza", "Hashmi", "Kazmi", "Durrani", "Khattak", "Lodhi",
)  # fmt: skip
_URDU_FIRST = (
    "حنا",
    "محمد",
    "فاطمہ",
    "علی",
    "عائشہ",
    "بلال",
    "مریم",
    "عمر",
    "زینب",
    "احمد",
    "سارہ",
    "حسن",
    "کرن",
    "سلمان",
)
_URDU_LAST = ("یوسف", "علی", "خان", "ملک", "اقبال", "قریشی", "رضا", "شاہ", "بٹ", "چوہدری", "میمن", "انور")
_STREETS = (
    "House {n}, Street {m}, Gulberg III", "Flat {m}-B, Block {n}, Clifton", "Plot {n}-C, Phase {m}, DHA",
    "Shop {n}, Main Bazaar, near Jamia Masjid", "House {n}-A, Satellite Town, Block {m}", "مکان نمبر {n}، گلی {m}، صدر",
    "House {n}, Model Town, Street {m}", "Office {n}, {m}th floor, Business Centre, Mall Road",
    "Mohalla Eidgah, Street {m}, House {n}", "Chak No. {n}, near Government School {m}",
)  # fmt: skip
_FIRMS = (
    "Al-Madina Store", "Karim Brothers", "Rehmat & Sons", "City Mart", "Bismillah Traders", "New Punjab Cloth House",
    "Sindh Wholesale", "Frontier Supplies", "Usmania General Store", "Hilal Distributors", "Raja Bazaar Depot",
    "Makkah Electric", "Al-Fatah Agency", "Green Valley Stores", "Shaheen Enterprises",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shop:
    """What one shipper sends: goods with their price in rupees from and to, weights in grams, how it is paid."""

    prefix: str
    goods: Sequence[tuple[str, int, int]]
    weights_g: Sequence[int]
    cod: int  # of a hundred
    services: Mapping[str, int]
    proofs: Mapping[str, int]
    pieces: Sequence[int] = (1,)
    to_firms: bool = False
    fragile: int = 0  # of a hundred


FASHION = Shop(
    prefix="ZQ",
    goods=(
        ("Unstitched lawn suit, 3 pc", 3200, 7900), ("Stitched kurti", 1800, 4200), ("Khussa", 1400, 3100),
        ("Cotton bedsheet, king", 2900, 5600), ("Men's kurta shalwar", 2800, 6400), ("Pashmina shawl", 2400, 8800),
        ("Bridal dupatta", 4500, 14500), ("Kids' frock", 1300, 2900), ("Printed scarf", 650, 1600),
    ),
    weights_g=(300, 400, 500, 700, 800, 1000, 1200, 1600, 2200),
    cod=84,
    services={"overnight": 68, "second_day": 22, "overland": 10},
    proofs={"none": 74, "photo": 18, "signature": 8},
)  # fmt: skip
ELECTRONICS = Shop(
    prefix="BQ",
    goods=(
        ("Wireless earbuds", 2400, 8900), ("Power bank 20,000 mAh", 3400, 6900), ("Smart watch", 4200, 18500),
        ("Mobile phone", 24000, 89000), ("Bluetooth speaker", 2900, 12500), ("65 W charger", 1800, 5200),
        ("Hair dryer", 3100, 7400), ("Air fryer, 5 l", 14500, 28500), ("Mechanical keyboard", 6500, 15500),
    ),
    weights_g=(250, 350, 500, 600, 900, 1200, 2500, 5500),
    cod=66,
    services={"overnight": 84, "second_day": 16},
    proofs={"none": 28, "signature": 42, "photo": 30},
    fragile=35,
)  # fmt: skip
TRADE = Shop(
    prefix="NR",
    goods=(
        ("Cloth rolls, assorted", 0, 0), ("Stationery cartons", 0, 0), ("LED bulbs, cartons", 0, 0),
        ("Shop fittings", 0, 0), ("Sanitary ware, boxed", 0, 0), ("Spare parts", 0, 0),
    ),
    weights_g=(4000, 8000, 12000, 18000, 25000, 40000, 65000),
    cod=0,
    services={"overland": 78, "second_day": 22},
    proofs={"signature": 92, "none": 8},
    pieces=(1, 2, 2, 3, 4, 4, 6, 8, 10, 12, 16, 24, 36),
    to_firms=True,
)  # fmt: skip

SHOPS: Mapping[str, Shop] = {ZARQA: FASHION, BARQ: ELECTRONICS, NOOR: TRADE}


def order(dice: random.Random, profile_id: int, index: CityIndex, ref: str, shop: Shop = FASHION) -> Order:
    """One believable order of a shop."""
    city_id = index.find(dice.choices(_CITIES, cum_weights=_WEIGHTS)[0]).city_id
    assert city_id is not None
    product, cheapest, dearest = dice.choice(shop.goods)
    rupees = dice.randint(cheapest, dearest) // 10 * 10
    pieces = dice.choice(shop.pieces)
    return Order(
        service=_pick(dice, shop.services),
        profile_id=profile_id,
        destination_city_id=city_id,
        consignee_name=dice.choice(_FIRMS) if shop.to_firms else _name(dice),
        consignee_phone=f"+92{mobile(dice)}",
        address=dice.choice(_STREETS).format(n=dice.randint(1, 240), m=dice.randint(1, 30)),
        pieces=pieces,
        weight_g=min(dice.choice(shop.weights_g) * max(1, pieces // 4), 48_000),
        cod_paisa=rupees * 100 if dice.randrange(100) < shop.cod else 0,
        declared_value_paisa=rupees * 100 if rupees > 15_000 else 0,
        product=product if pieces == 1 else f"{product}, {pieces} pieces",
        fragile=dice.randrange(100) < shop.fragile,
        allow_open=dice.randrange(100) < 12,
        proof=_pick(dice, shop.proofs),
        order_ref=ref,
    )


def mobile(dice: random.Random) -> str:
    """A mobile number without its leading zero, of one of the country's five networks."""
    return f"3{dice.choice(_NETWORKS)}{dice.randint(1000000, 9999999)}"


def _name(dice: random.Random) -> str:
    first, last = (_FIRST, _LAST) if dice.randrange(100) < 82 else (_URDU_FIRST, _URDU_LAST)
    return f"{dice.choice(first)} {dice.choice(last)}"


def _pick(dice: random.Random, shares: Mapping[str, int]) -> str:
    return dice.choices(list(shares), weights=list(shares.values()))[0]


_NETWORKS = [f"{tens}{ones}" for tens in range(5) for ones in range(7)]
_CITIES = list(TO)
_WEIGHTS = [sum(list(TO.values())[: place + 1]) for place in range(len(TO))]
