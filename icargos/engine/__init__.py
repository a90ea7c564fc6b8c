"""The embedded PostgreSQL: find the binaries, start, share, stop, recover. Knows no Django."""

from icargos.engine.binaries import Binaries, find_binaries
from icargos.engine.engine import Cluster, Engine
from icargos.engine.errors import EngineError
from icargos.engine.leftovers import abandoned
from icargos.engine.roles import APP_ROLE, GROUP_ROLES, OWNER_ROLE, ensure_roles, role_faults

__all__ = [
    "APP_ROLE",
    "GROUP_ROLES",
    "OWNER_ROLE",
    "Binaries",
    "Cluster",
    "Engine",
    "EngineError",
    "abandoned",
    "ensure_roles",
    "find_binaries",
    "role_faults",
]
