"""Everything that dispatch writes: scans, run sheets, outcomes, advice. Each verb is one transaction."""

from icargos.dispatch.actions.advising import AdviceRefused, AfterCutOff, advise, answer
from icargos.dispatch.actions.advising_many import Advised, advise_those_waiting
from icargos.dispatch.actions.checking_in import Arrived, Checked, check_in, finish_manifest
from icargos.dispatch.actions.conflicts import settle
from icargos.dispatch.actions.handing_back import hand_back
from icargos.dispatch.actions.manifests import (
    ManifestRefused,
    add_to_manifest,
    describe_manifest,
    discard_manifest,
    open_manifest,
    send_manifest,
    take_off_manifest,
)
from icargos.dispatch.actions.outcomes import deliver, fail, not_attempted
from icargos.dispatch.actions.past import PastRefused, record_past
from icargos.dispatch.actions.proof_zips import ask_proofs, forget_proofs, make_proof_zips
from icargos.dispatch.actions.reporting import OutcomeRefused, Reported
from icargos.dispatch.actions.runs import (
    Closed,
    Opened,
    RunRefused,
    add_to_run,
    close_run,
    dispatch_run,
    note_print,
    open_run,
    take_off,
)
from icargos.dispatch.actions.scanning import Scan, Scanned, receive, send
from icargos.kit.verdict import Verdict
from icargos.places.actions import post

__all__ = [
    "AdviceRefused",
    "Advised",
    "AfterCutOff",
    "Arrived",
    "Checked",
    "Closed",
    "ManifestRefused",
    "Opened",
    "OutcomeRefused",
    "PastRefused",
    "Reported",
    "RunRefused",
    "Scan",
    "Scanned",
    "Verdict",
    "add_to_manifest",
    "add_to_run",
    "advise",
    "advise_those_waiting",
    "answer",
    "ask_proofs",
    "check_in",
    "close_run",
    "deliver",
    "describe_manifest",
    "discard_manifest",
    "dispatch_run",
    "fail",
    "finish_manifest",
    "forget_proofs",
    "hand_back",
    "make_proof_zips",
    "not_attempted",
    "note_print",
    "open_manifest",
    "open_run",
    "post",
    "receive",
    "record_past",
    "send",
    "send_manifest",
    "settle",
    "take_off",
    "take_off_manifest",
]
