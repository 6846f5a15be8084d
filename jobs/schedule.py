"""When things wake. APScheduler is the clock only: what there is to do stands in the tables.

Its defaults would drop a job that is a second late; here a late one runs once, and never beside itself.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from db.engine import DatabaseError

Job = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Wake:
    name: str
    seconds: float
    run: Job
    at_once: bool = False  # also when the schedule starts


def build_schedule(wakes: Sequence[Wake]) -> AsyncIOScheduler:
    """A schedule that still has to be started, inside the event loop."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # what a job raises is said by `_logged`
    schedule = AsyncIOScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for wake in wakes:
        first = {"next_run_time": datetime.now(UTC)} if wake.at_once else {}
        schedule.add_job(_logged(wake), "interval", seconds=wake.seconds, id=wake.name, **first)
    return schedule


def _logged(wake: Wake) -> Job:
    log = structlog.get_logger()
    said = ""  # of a database that cannot be used: once, however often it is tried

    async def run() -> None:
        nonlocal said
        try:
            await wake.run()
        except DatabaseError as error:
            if str(error) != said:
                log.error("a job waits for the database", job=wake.name, error=str(error))
            said = str(error)
        except Exception:
            log.exception("a job failed and will be tried again", job=wake.name)
        else:
            said = ""

    return run
