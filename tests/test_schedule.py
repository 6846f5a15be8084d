"""The clock: late jobs run once, never beside themselves, and a fault does not end them."""

import asyncio

from jobs.schedule import Wake, build_schedule


async def test_a_job_that_is_still_running_is_not_started_beside_itself() -> None:
    running, most, runs = 0, 0, 0

    async def slow() -> None:
        nonlocal running, most, runs
        running, runs = running + 1, runs + 1
        most = max(most, running)
        await asyncio.sleep(0.12)
        running -= 1

    schedule = build_schedule([Wake("slow", 0.05, slow, at_once=True)])
    schedule.start()
    await asyncio.sleep(0.6)
    schedule.shutdown()
    await asyncio.sleep(0.2)
    assert (most, runs >= 2) == (1, True)


async def test_a_job_that_failed_is_tried_again_at_its_next_time() -> None:
    tried = asyncio.Event()
    runs = 0

    async def failing() -> None:
        nonlocal runs
        runs += 1
        if runs == 2:
            tried.set()
        raise ValueError("no")

    schedule = build_schedule([Wake("failing", 0.05, failing, at_once=True)])
    schedule.start()
    await asyncio.wait_for(tried.wait(), 5)
    schedule.shutdown()


async def test_a_job_that_is_late_still_runs() -> None:
    schedule = build_schedule([Wake("any", 60, asyncio.sleep)])  # type: ignore[arg-type]
    schedule.start()
    job = schedule.get_job("any")
    schedule.shutdown()
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
