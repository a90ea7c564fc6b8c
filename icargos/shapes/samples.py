"""Calls that run as they stand, for the reference and for a shipper's settings."""

import json

SAMPLE_KEY = "ic_…"


def booking(profile_id: str, order_ref: str = "ZT-10493") -> dict[str, object]:
    """The body that books one parcel at this Profile ID."""
    return {
        "profile_id": profile_id,
        "service": "overnight",
        "order_ref": order_ref,
        "consignee": {
            "name": "Hina Yousaf",
            "phone": "0301-4417208",
            "address": "B-214, Block 13-D, Gulshan-e-Iqbal",
            "city": "Karachi",
        },
        "pieces": 1,
        "weight_kg": 1.3,
        "cod_amount": 4500,
        "product": "Lawn suit 3 pc",
    }


def rates(profile_id: str) -> dict[str, object]:
    """The body that asks what a parcel costs."""
    return {"profile_id": profile_id, "city": "Lahore", "weight_kg": 1.3, "cod_amount": 4500}


def curl(address: str, key: str, body: dict[str, object] | None = None, *, once: str = "") -> str:
    """The call as a command: a GET without ``body``; ``once`` is its Idempotency-Key."""
    parts = [f"curl {address}", f'-H "Authorization: Bearer {key}"']
    if once:
        parts.append(f'-H "Idempotency-Key: {once}"')
    if body is not None:
        text = json.dumps(body, indent=2, ensure_ascii=False).replace("\n", "\n  ").replace("'", "'\\''")
        parts += ['-H "Content-Type: application/json"', f"-d '{text}'"]
    return " \\\n  ".join(parts)
