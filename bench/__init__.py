"""Measurements, each beside its floor: what the machine needs for the same work with none of our rules."""
