"""The columns of a parcel's event, in the order its rows are written."""

EVENT = {
    "shipper_id": "bigint",
    "consignment_id": "bigint",
    "code": "text",
    "occurred_at": "timestamptz",
    "received_at": "timestamptz",
    "source": "text",
    "source_event_id": "text",
    "actor_id": "bigint",
    "actor_name": "text",
    "station_id": "bigint",
    "city_id": "bigint",
    "lat": "float8",
    "lng": "float8",
    "accuracy_m": "float8",
    "reason": "text",
    "note": "text",
    "device": "text",
    "public": "boolean",
    "moved": "boolean",
}
