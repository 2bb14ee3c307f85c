"""Words for how far a job is."""

from __future__ import annotations

from studio.jobs import Job, State


def seconds_text(seconds: float | None) -> str:
    """``9 s``, ``2 min 5 s``, ``1 h 10 min``; empty where nothing is known."""
    if seconds is None:
        return ""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def fraction(job: Job) -> float:
    """0–1: the part of a job's steps that is done."""
    return min(1.0, job.step / job.steps) if job.steps else 0.0


def words(job: Job, seconds: float | None, place: int | None = None, paused: bool = False) -> str:
    """``12 / 30 · 9 s left`` for a running job, its place in line for a waiting one.

    Args:
        seconds: what is left, where known.
        place: how many go first, for a waiting job.
    """
    left = f" · {seconds_text(seconds)} left" if seconds is not None else ""
    if job.state is State.QUEUED:
        if paused:
            return "Waiting: the queue is paused"
        return (f"Waiting · {place} before it" if place else "Waiting · next") + left
    if job.cancelling:
        return "Cancelling"
    if job.status:
        return job.status
    return f"{job.step} / {job.steps}{left}" if job.steps else "Starting"
