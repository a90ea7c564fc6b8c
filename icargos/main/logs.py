"""Logs of every process: one line per event on stderr, as key=value on a terminal and as JSON otherwise.

``ICARGOS_LOG`` (``json`` or ``text``) overrides the guess, ``ICARGOS_LOG_LEVEL`` sets the level (``info``).
What is bound to structlog's context (the request id) is on each line, also on those of libraries.
"""

import logging
import logging.config
import os
import re
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# PostgreSQL quotes the row in these lines: names and phones have no place in a log.
_ROW_DETAILS = re.compile(r"^\s*(DETAIL|CONTEXT):.*$", re.MULTILINE)
# A path segment this long is a token of a signed link.
_TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_.:=-]{20,}(?=/|$|\s|\?)")


def configure() -> None:
    """Set up logging for this process. Can be repeated."""
    as_json = os.environ.get("ICARGOS_LOG", "" if sys.stderr.isatty() else "json") == "json"
    level = os.environ.get("ICARGOS_LOG_LEVEL", "info").upper()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        _leave_out_private,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.processors.KeyValueRenderer(
            key_order=["at", "level", "event"], drop_missing=True, repr_native_str=False
        )
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*shared[:3], structlog.stdlib.PositionalArgumentsFormatter(), *shared[3:]],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                # Refusals are answers, not faults; what breaks is logged as an error.
                "django.request": {"level": "ERROR"},
                "django.security.DisallowedHost": {"level": "ERROR"},
                "procrastinate": {"level": "WARNING"},
                "_granian": {"level": "WARNING"},
                "granian": {"level": "WARNING"},
            },
        }
    )


def _leave_out_private(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for key in ("event", "exception", "path"):
        text = event.get(key)
        if isinstance(text, str):
            event[key] = _TOKEN.sub("...", _ROW_DETAILS.sub("", text))
    return event
