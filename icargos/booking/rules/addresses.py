"""An address book's rows: the consignee's columns of an order, and no others."""

from collections.abc import Mapping, Sequence

import msgspec

from icargos.booking.rules.answers import checkers
from icargos.booking.rules.cells import Finding
from icargos.booking.rules.problems import Problem, Severity
from icargos.booking.rules.reference import Reference

# In the order of the exported sheet.
ADDRESS_COLUMNS = (
    "consignee_name",
    "consignee_phone",
    "alt_phone",
    "consignee_email",
    "destination_city",
    "address",
    "landmark",
)


class CheckedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One row's outcome: ``values`` by column key, as an Order would hold them, or None when a problem is an error."""

    values: dict[str, object] | None
    problems: tuple[Problem, ...]


def check_addresses(
    rows: Sequence[Mapping[str, str]], ref: Reference, numbers: Sequence[int] = ()
) -> list[CheckedAddress]:
    """Check the address columns of each row as an order's are checked; ``numbers`` are the rows' own, else from 0.

    A second phone in the phone's cell fills an empty second phone.
    """
    memory = checkers(ref)
    out = []
    for place, row in enumerate(rows):
        number = numbers[place] if numbers else place
        values: dict[str, object] = {}
        problems: list[Problem] = []
        for key in ADDRESS_COLUMNS:
            raw = row.get(key, "")
            cell = memory[key][raw]
            values[key] = cell.value
            problems += [_problem(number, key, raw, finding) for finding in cell.findings]
            if key == "alt_phone" and not cell.value:
                values[key] = memory["consignee_phone"][row.get("consignee_phone", "")].second
        wrong = any(problem.severity is Severity.ERROR for problem in problems)
        out.append(CheckedAddress(values=None if wrong else values, problems=tuple(problems)))
    return out


def _problem(number: int, key: str, raw: str, finding: Finding) -> Problem:
    return Problem(
        row=number,
        column=key,
        value=raw[:300],
        code=finding.code,
        template=finding.template,
        params=finding.params,
        suggestion=finding.suggestion,
    )
