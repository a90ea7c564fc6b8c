"""The shipper's door."""
