"""Money about parcels: what each one is charged, line by line."""
