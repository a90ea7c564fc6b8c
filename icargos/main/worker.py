"""The worker process: the relay in one thread, jobs and the schedule in the event loop. Loaded by ``icargos work``."""

import asyncio
import threading

import structlog
from django.conf import settings
from django.db import Error, close_old_connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from icargos.ground import relay
from icargos.main.jobs import react
from icargos.main.reactions import WANTED

log = structlog.get_logger("worker")
PAUSE_SECONDS = 0.1


def carry_until(stopped: threading.Event) -> None:
    """Carry facts until asked to stop; a database that is away is waited for."""
    while not stopped.is_set():
        try:
            carried = relay.carry(WANTED, lambda name, ids: _defer(name, ids))
        except Error as error:
            log.warning("relay: the database did not answer", error=str(error).splitlines()[0])
            close_old_connections()
            stopped.wait(1)
            continue
        if carried < relay.BATCH:
            stopped.wait(PAUSE_SECONDS)


def _defer(name: str, fact_ids: list[int]) -> None:
    react.defer(reaction=name, fact_ids=fact_ids)


def main() -> None:
    """Work until a signal says stop."""
    stopped = threading.Event()
    carrier = threading.Thread(target=carry_until, args=(stopped,), name="relay", daemon=True)
    carrier.start()
    try:
        asyncio.run(_work())
    finally:
        stopped.set()
        carrier.join(timeout=5)


async def _work() -> None:
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with_connector = app.with_connector(connector.get_worker_connector())
    async with with_connector.open_async():
        await with_connector.run_worker_async(
            concurrency=2,
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=settings.WORKER_LOST_AFTER / 3,
            stalled_worker_timeout=settings.WORKER_LOST_AFTER,
        )
