"""What the demo's shippers send, and to whom."""

import random

from icargos.booking.rules.order import Order
from icargos.places.rules import CityIndex

_TO = {"Karachi": 24, "Lahore": 22, "Islamabad": 10, "Rawalpindi": 9, "Faisalabad": 9, "Multan": 7, "Hyderabad": 6,
       "Peshawar": 5, "Sialkot": 5, "Quetta": 3}  # fmt: skip
_NAMES = (
    "Hina Yousaf", "Bilal Raza", "Maryam Siddiqui", "Sana Iqbal", "Kamran Akmal", "Umer Farooq", "Zainab Malik",
    "Ahmed Nawaz", "Ali Hassan", "Rabia Anwar", "Faisal Jatoi", "Iqra Shah", "حنا یوسف", "محمد علی", "Noor Fatima",
)  # fmt: skip
_STREETS = ("House {n}, Street {m}, Gulberg III", "Flat {m}-B, Block {n}, Clifton", "مکان نمبر {n}، گلی {m}، صدر",
            "Shop {n}, Main Bazaar, near Jamia Masjid", "Plot {n}-C, Phase {m}, DHA")  # fmt: skip
_GOODS = ("Unstitched lawn suit, 3 pc", "Khussa, size 39", "Cotton bedsheet, king", "Kurta, medium", "Shawl, wool")
_COD_RUPEES = (0, 1650, 2199, 2750, 3780, 4250, 5340, 6450)


def order(dice: random.Random, profile_id: int, index: CityIndex, ref: str) -> Order:
    """One believable order."""
    city_id = index.find(dice.choices(list(_TO), weights=list(_TO.values()))[0]).city_id
    assert city_id is not None
    return Order(
        service=dice.choices(("overnight", "second_day", "overland"), weights=(7, 2, 1))[0],
        profile_id=profile_id,
        destination_city_id=city_id,
        consignee_name=dice.choice(_NAMES),
        consignee_phone=f"+923{dice.randint(0, 49):02d}{dice.randint(1000000, 9999999)}",
        address=dice.choice(_STREETS).format(n=dice.randint(1, 240), m=dice.randint(1, 30)),
        pieces=1,
        weight_g=dice.choice((400, 500, 800, 1000, 1200, 1800)),
        cod_paisa=dice.choice(_COD_RUPEES) * 100,
        product=dice.choice(_GOODS),
        order_ref=ref,
    )
