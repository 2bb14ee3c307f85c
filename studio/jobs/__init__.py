"""The durable queue and the worker processes that empty it. Importing this loads no torch."""

from studio.jobs.queue import Queue
from studio.jobs.states import Job, Priority, State, WorkerFacts
from studio.jobs.supervisor import Supervisor

__all__ = ["Job", "Priority", "Queue", "State", "Supervisor", "WorkerFacts"]
