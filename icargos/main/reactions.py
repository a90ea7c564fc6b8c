"""Everything that happens because of something, on one page.

A reaction takes a batch of facts and is run by the worker at least once, so it must do nothing the second time.
"""

from collections.abc import Callable, Mapping, Sequence

from icargos.booking import actions as booking
from icargos.ground.relay import FactRow
from icargos.ui import proof_zips

Reaction = Callable[[Sequence[FactRow]], None]

REACTIONS: Mapping[str, tuple[Reaction, ...]] = {
    "import.uploaded": (booking.check_imports,),
    "import.accepted": (booking.book_imports,),
    "import.undo_asked": (booking.undo_imports,),
    "print.asked": (booking.make_prints,),
    "proofs.asked": (proof_zips.make_proof_zips,),
}
NAMES: Mapping[str, Reaction] = {f"{r.__module__}.{r.__name__}": r for rs in REACTIONS.values() for r in rs}
WANTED: Mapping[str, tuple[str, ...]] = {
    kind: tuple(f"{r.__module__}.{r.__name__}" for r in reactions) for kind, reactions in REACTIONS.items()
}
