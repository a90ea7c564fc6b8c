"""The parcel: what was booked, where it stands, every scan; the only writer of its status."""
