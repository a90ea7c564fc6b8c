"""Labels for the tests: one like the design's picture, and those that try the rules of fitting."""

from datetime import date
from typing import Any

from icargos.paper.label import Label

URDU_ADDRESS = "مکان نمبر ۱۴، گلی نمبر ۹، محلہ اسلام پورہ، نزد جامع مسجد"
LONG_ADDRESS = (
    "Flat 7-B, Second Floor, Al-Rehman Residency, Plot 45, Street 19-A, Block 13-D/2, Gulshan-e-Iqbal, "
    "behind Imtiaz Super Market, near Disco Bakery, entrance from the small lane beside the pharmacy, "
    "ring the bell marked Qureshi, Karachi East 75300 Sindh"
)
LONG_URDU_ADDRESS = (URDU_ADDRESS + "، Flat 7-B, Block 13، " + URDU_ADDRESS + "، دوسری منزل، " + URDU_ADDRESS * 2)[:250]


def label(**changes: Any) -> Label:
    """The label of the design's picture, with some of it changed."""
    usual: dict[str, Any] = {
        "cn": "IC473124829",
        "qr_url": "https://portal.safar.example/q/AbCdEfGhIjKlMnOpQrStUv",
        "service": "Second Day",
        "sort_code": "LHE-07",
        "courier_name": "Safar Courier",
        "courier_phone": "021 111 723 270",
        "shipper_name": "Zarqa Textiles",
        "shipper_phone": "0300-8224417",
        "profile_code": "4102",
        "return_address": "Plot C-18, SITE Area, Karachi",
        "destination_city": "Lahore",
        "destination_city_urdu": "لاہور",
        "origin_code": "KHI",
        "origin_city": "Karachi",
        "sort_note": "Belt 7",
        "consignee_name": "Hina Yousaf",
        "consignee_phone": "0301-4417208",
        "address": "House 14, Street 9, Gulberg III",
        "landmark": "blue gate, next to Shezan Bakery",
        "cod_rupees": 6450,
        "weight_g": 1200,
        "booked_on": date(2026, 11, 18),
        "length_cm": 30,
        "width_cm": 25,
        "height_cm": 4,
        "order_ref": "ZT-10492",
        "product": "Unstitched lawn suit, 3 pc",
        "remarks": "Call before coming.",
        "fragile": True,
        "proof": "code",
        "reprint": 1,
    }
    return Label(**(usual | changes))


def codes_of(shown: Label) -> list[str]:
    """What a scanner must find on a label that shows everything."""
    piece = shown.piece_code if shown.pieces > 1 else ""
    return sorted(filter(None, (shown.qr_url, shown.cn, shown.order_ref, piece)))


EDGES = {
    "as in the picture": label(),
    "bare": label(
        order_ref="", product="", remarks="", landmark="", proof="none", fragile=False, reprint=0, sort_note="",
        length_cm=0, courier_phone="", profile_code="", origin_code="", origin_city="", destination_city_urdu="",
    ),
    "all urdu, prepaid": label(
        consignee_name="حنا یوسف", address=URDU_ADDRESS, landmark="نیلا گیٹ، شیزان بیکری کے ساتھ", cod_rupees=0,
        order_ref="SHOP-2026-0001234", allow_open=True, proof="signature", reprint=0,
    ),
    "longest of everything": label(
        consignee_name="محمد عبدالرحمٰن خان درانی ولد غلام مصطفیٰ خان آفریدی", address=LONG_URDU_ADDRESS,
        landmark="behind the old cinema, third lane on the left, green door " * 3, cod_rupees=199_999,
        order_ref="ORD-" + "x9Z" * 15 + "Q", product="Embroidered chiffon " * 5,
        remarks=("Ring the second bell. " * 12)[:250], sort_code="ISB-12-B4", destination_city="Dera Ghazi Khan",
        pieces=99, piece=99, weight_g=100_000, proof="photo", return_address=LONG_ADDRESS,
        shipper_name="The Very Long Name Of A Brand In Karachi (Pvt) Ltd", length_cm=120, width_cm=100, height_cm=90,
        reprint=12, courier_name="A Courier With An Exceptionally Long Name", qr_url="https://" + "a" * 142,
        service="Overland Economy Plus", cn="IC123456789012345678",
    ),
    "no spaces at all": label(
        consignee_name="W" * 50, address="A" * 250, landmark="B" * 120, cod_rupees=99_999_999, remarks="m" * 250,
        order_ref="#" * 50, sort_code="KHI", destination_city="Rahim Yar Khan", return_address="C" * 250,
        sort_note="Z" * 60, shipper_phone="0" * 40, product="M" * 100, courier_phone="9" * 60,
    ),
    "digits only ref": label(order_ref="123456789012345678", address=LONG_ADDRESS, landmark=""),
    "urdu ref": label(order_ref="آرڈر ۱۲۳"),
    "typesetting marks": label(
        consignee_name="*Hina* _x_ #let $a$ `b` <l>",
        address='#include "x" *b* = Head - list \\u{1F600} ~ -- "q" @c // e', landmark="/* c */ #panic()",
        remarks="]]] }}} #emoji </svg>&amp;", order_ref='<"&>', product="#sys.inputs",
    ),
    "one of several pieces": label(pieces=3, piece=2, cod_rupees=200_000, reprint=0),
    "letters no font has": label(consignee_name="王小明 \U0001f3e0", address="улица Ленина 5 ☎ \u202e\u0007"),
}  # fmt: skip
