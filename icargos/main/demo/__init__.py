"""The demo courier: shippers, staff and weeks of parcels, all made through the real actions."""

from icargos.main.demo.build import build

__all__ = ["build"]
