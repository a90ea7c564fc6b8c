"""Problems of a row as a refusal names them."""

from django.utils.translation import gettext as _

from icargos.booking.rules.problems import Problem
from icargos.kit.errors import FieldProblem


def told(problem: Problem, field: str) -> FieldProblem:
    """The problem at ``field``, in the reader's language."""
    return FieldProblem(field, problem.code.value, problem.say(_), problem.suggestion)
