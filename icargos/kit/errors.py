"""The refusal: every rule that says no raises one of these, and one handler renders it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field: where, which rule, what to do about it."""

    field: str
    code: str
    message: str
    suggestion: str = ""


class Refused(Exception):
    """A request that the rules do not allow.

    ``code`` is stable and documented; ``http_status`` is what a page or the API answers with;
    ``str(error)`` is one plain sentence that says what happened and what to do.
    """

    code: str = "refused"
    http_status: int = 422

    def __init__(
        self,
        message: str,
        *,
        problems: Sequence[FieldProblem] = (),
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)
        self.details = dict(details or {})


class Forbidden(Refused):
    """The actor is known but lacks the capability."""

    code = "forbidden"
    http_status = 403


class NotFound(Refused):
    """No such thing, or not this actor's: the two are answered alike."""

    code = "not_found"
    http_status = 404


class Invalid(Refused):
    """Input that breaks a rule; ``problems`` names every field."""

    code = "invalid"
    http_status = 422


class Conflict(Refused):
    """True when the page was shown, no longer true now."""

    code = "conflict"
    http_status = 409


class TooMany(Refused):
    """Asked too often; ``retry_after`` is how many seconds to wait."""

    code = "too_many"
    http_status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, details={"retry_after": retry_after})
        self.retry_after = retry_after


class WrongMethod(Refused):
    """An address that is there, but not for this method; ``allow`` names those that it takes."""

    code = "method"
    http_status = 405

    def __init__(self, message: str, *, allow: Sequence[str]) -> None:
        super().__init__(message, details={"allow": ", ".join(allow)})
        self.allow = tuple(allow)
