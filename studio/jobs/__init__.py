"""The durable queue and the worker processes that empty it. Importing this loads no torch."""

from studio.jobs.queue import Queue
from studio.jobs.states import Job, Priority, State, WorkerFacts
from studio.jobs.supervisor import Supervisor
from studio.jobs.tasks import Task, Tasks

__all__ = ["Job", "Priority", "Queue", "State", "Supervisor", "Task", "Tasks", "WorkerFacts"]
