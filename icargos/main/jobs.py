"""The jobs: one that runs reactions, and the schedule's."""

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from icargos.booking import actions as booking
from icargos.dispatch import actions as dispatch
from icargos.finance import actions as finance
from icargos.ground import relay
from icargos.ground.tenancy import acting
from icargos.main.reactions import NAMES

log = structlog.get_logger("jobs")


@app.task(name="react", queue="reactions", retry=5)
def react(reaction: str, fact_ids: list[int]) -> None:
    """Run one reaction over a batch of facts. An unknown name (an older release's) is logged and dropped."""
    if reaction not in NAMES:
        log.warning("no such reaction", reaction=reaction)
        return
    NAMES[reaction](relay.facts(fact_ids))


@app.periodic(cron="* * * * * */10")  # the sixth field is seconds
@app.task(name="rescue", queue="schedule", pass_context=True)
async def rescue(context: object, timestamp: int) -> None:
    """Take up the jobs of workers that were killed: nothing else does."""
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.WORKER_LOST_AFTER):
        log.warning("taking up a stalled job", job=job.id, task=job.task_name)
        await manager.retry_job(job)


@app.periodic(cron="*/5 * * * *")
@app.task(name="sum_tallies", queue="schedule")
def sum_tallies(timestamp: int) -> None:
    """Sum the appended counters up, so that a dashboard reads few rows. Readers see the same totals throughout."""
    with acting(relay.RELAY), connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM consignments_tally RETURNING shipper_id, day, destination_id, status, n,"
            " cod_paisa)"
            " INSERT INTO consignments_tally (shipper_id, day, destination_id, status, n, cod_paisa)"
            " SELECT shipper_id, day, destination_id, status, sum(n), sum(cod_paisa) FROM gone"
            " GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0 OR sum(cod_paisa) <> 0"
        )
        finance.sum_balances()


@app.periodic(cron="*/10 * * * *")
@app.task(name="make_pickups", queue="schedule")
def make_pickups(timestamp: int) -> None:
    """Ask for what the weekly pickups want of today and tomorrow. Each is asked for once, however often this runs."""
    booking.make_scheduled_pickups(now=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="forget", queue="schedule")
def forget(timestamp: int) -> None:
    """Drop what has served its time: replay keys after 30 days, finished jobs after 7, prints of labels and zips of
    proofs after one, sessions, cache and limits when over."""
    booking.forget_prints(now=timezone.now())
    dispatch.forget_proofs(now=timezone.now())
    with acting(relay.RELAY), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ground_once WHERE at < now() - interval '30 days'")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session WHERE expire_date < now()")
        cursor.execute("DELETE FROM ground_cache WHERE expires < now()")
        cursor.execute("DELETE FROM ground_bucket WHERE seen < now() - interval '1 hour'")
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'failed', 'cancelled')"
            " AND NOT EXISTS (SELECT 1 FROM procrastinate_events e"
            " WHERE e.job_id = j.id AND e.at > now() - interval '7 days')"
        )
