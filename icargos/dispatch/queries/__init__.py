"""Everything that dispatch reads: run sheets, evidence, the advice desk, printed proofs.

Each takes the actor first, but for ``verify``, which a stranger with a printed proof asks.
"""

from icargos.dispatch.queries.advice import (
    WAITING,
    AdviceRow,
    Found,
    advice,
    advice_queue,
    advice_tally,
    search,
)
from icargos.dispatch.queries.evidence import (
    Advised,
    ConflictRow,
    Proven,
    Tried,
    attempts,
    conflict_pictures,
    conflicts,
    held_cod,
    picture,
    proof,
    proof_files,
    weighings,
)
from icargos.dispatch.queries.posts import station_code
from icargos.dispatch.queries.printed import (
    NotDelivered,
    Verified,
    is_printable,
    printable,
    proof_token,
    verify,
)
from icargos.dispatch.queries.sheets import (
    Board,
    RunCard,
    RunSheet,
    StopRow,
    Wish,
    board,
    run,
    runs,
    stop,
    stops,
)
from icargos.places.queries import NotPosted, post_of, posted, station

__all__ = [
    "WAITING",
    "AdviceRow",
    "Advised",
    "Board",
    "ConflictRow",
    "Found",
    "NotDelivered",
    "NotPosted",
    "Proven",
    "RunCard",
    "RunSheet",
    "StopRow",
    "Tried",
    "Verified",
    "Wish",
    "advice",
    "advice_queue",
    "advice_tally",
    "attempts",
    "board",
    "conflict_pictures",
    "conflicts",
    "held_cod",
    "is_printable",
    "picture",
    "post_of",
    "posted",
    "printable",
    "proof",
    "proof_files",
    "proof_token",
    "run",
    "runs",
    "search",
    "station",
    "station_code",
    "stop",
    "stops",
    "verify",
    "weighings",
]
