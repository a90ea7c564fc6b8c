"""Booking: one parcel by the form, thousands by the sheet; both end in the same action."""
