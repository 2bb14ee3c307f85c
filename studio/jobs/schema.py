"""The tables of the queue, as numbered migrations."""

from __future__ import annotations

import sqlite3

from studio.database import Database
from studio.gallery import schema as gallery_schema


def prepare(database: Database) -> None:
    """Bring the tables of the queue, and those of the gallery it points to, up to date."""
    gallery_schema.prepare(database)
    database.migrate("jobs", MIGRATIONS)


def _m001_jobs(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            batch TEXT NOT NULL,
            owner TEXT NOT NULL DEFAULT '',
            digest TEXT NOT NULL,
            request TEXT NOT NULL,                   -- canonical JSON
            checkpoint TEXT NOT NULL,                -- this and the next four: for estimates
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            controls INTEGER NOT NULL,
            planned_steps INTEGER NOT NULL,
            priority INTEGER NOT NULL,               -- smaller first
            reuse INTEGER NOT NULL,                  -- 1: a picture the gallery has already will do
            state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
            cancelling INTEGER NOT NULL DEFAULT 0,
            worker TEXT,                             -- token of the worker that holds it
            attempts INTEGER NOT NULL DEFAULT 0,     -- worker deaths while it was held
            suspicion INTEGER NOT NULL DEFAULT 0,    -- see recovery.py
            step INTEGER NOT NULL DEFAULT 0,
            steps INTEGER NOT NULL DEFAULT 0,
            status TEXT NOT NULL DEFAULT '',
            picture_id INTEGER REFERENCES images (id),
            error_kind TEXT NOT NULL DEFAULT '',
            error_message TEXT NOT NULL DEFAULT '',
            error_hint TEXT NOT NULL DEFAULT '',
            created REAL NOT NULL,
            started REAL,
            finished REAL,
            CHECK ((state = 'running') = (worker IS NOT NULL)),
            CHECK (state <> 'done' OR picture_id IS NOT NULL)
        )
        """
    )
    connection.execute("CREATE INDEX jobs_waiting ON jobs (priority, suspicion, id) WHERE state = 'queued'")
    connection.execute("CREATE INDEX jobs_state ON jobs (state)")
    connection.execute("CREATE INDEX jobs_worker ON jobs (worker) WHERE worker IS NOT NULL")
    connection.execute("CREATE INDEX jobs_batch ON jobs (batch)")
    connection.execute("CREATE INDEX jobs_digest ON jobs (digest)")
    connection.execute("CREATE TABLE previews (job_id INTEGER PRIMARY KEY, image BLOB NOT NULL)")
    connection.execute(
        """
        CREATE TRIGGER previews_end AFTER UPDATE OF state ON jobs WHEN new.state <> 'running'
        BEGIN DELETE FROM previews WHERE job_id = new.id; END
        """
    )
    connection.execute("CREATE TABLE pauses (batch TEXT PRIMARY KEY)  -- '' stands for the whole queue")
    connection.execute(
        """
        CREATE TABLE workers (
            token TEXT PRIMARY KEY,
            device TEXT NOT NULL,
            pid INTEGER NOT NULL,
            heartbeat INTEGER NOT NULL DEFAULT 0,    -- counts up while the process lives
            ready INTEGER NOT NULL DEFAULT 0,
            problem TEXT NOT NULL DEFAULT '',
            facts TEXT NOT NULL DEFAULT '{}'
        )
        """
    )
    connection.execute(
        """
        CREATE TABLE step_costs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            device TEXT NOT NULL,
            checkpoint TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            controls INTEGER NOT NULL,
            wall REAL NOT NULL,                      -- seconds a step took
            share REAL NOT NULL                      -- the same, divided by the cells that shared it
        )
        """
    )
    connection.execute("CREATE INDEX step_costs_kind ON step_costs (checkpoint, width, height, controls)")


def _m002_tasks(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE tasks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,                   -- JSON
            state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
            cancelling INTEGER NOT NULL DEFAULT 0,
            worker TEXT,                             -- token of the worker that holds it
            attempts INTEGER NOT NULL DEFAULT 0,     -- worker deaths while it was held
            done INTEGER NOT NULL DEFAULT 0,
            total INTEGER NOT NULL DEFAULT 0,
            status TEXT NOT NULL DEFAULT '',
            result TEXT,                             -- JSON
            error_kind TEXT NOT NULL DEFAULT '',
            error_message TEXT NOT NULL DEFAULT '',
            error_hint TEXT NOT NULL DEFAULT '',
            created REAL NOT NULL,
            started REAL,
            finished REAL,
            CHECK ((state = 'running') = (worker IS NOT NULL))
        )
        """
    )
    connection.execute("CREATE INDEX tasks_state ON tasks (state, id)")


def _m003_sweeps(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE sweeps (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            spec TEXT NOT NULL,                      -- JSON
            created REAL NOT NULL,
            deleted REAL
        )
        """
    )
    connection.execute(
        """
        CREATE TABLE sweep_cells (
            sweep_id INTEGER NOT NULL REFERENCES sweeps (id),
            number INTEGER NOT NULL,                 -- in the order of the grid, skipped cells left out
            digest TEXT NOT NULL,
            PRIMARY KEY (sweep_id, number)
        ) WITHOUT ROWID
        """
    )
    connection.execute("CREATE INDEX sweep_cells_digest ON sweep_cells (digest)")


def _m004_work(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE jobs ADD COLUMN units REAL NOT NULL DEFAULT 0")  # of work, see work.py
    connection.execute("ALTER TABLE jobs ADD COLUMN megapixels REAL NOT NULL DEFAULT 0")  # of the finished picture
    # What still waits from before is reckoned by its steps alone.
    connection.execute("UPDATE jobs SET megapixels = width * height / 1e6")
    connection.execute("UPDATE jobs SET units = planned_steps * megapixels")
    connection.execute("DROP TABLE step_costs")
    connection.execute(
        """
        CREATE TABLE work_costs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            made REAL NOT NULL,                      -- unix time
            device TEXT NOT NULL,
            checkpoint TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            slots INTEGER NOT NULL,
            part TEXT NOT NULL CHECK (part IN ('load', 'start', 'step', 'finish')),
            amount REAL NOT NULL CHECK (amount > 0), -- loads, pictures, units of work, megapixels
            seconds REAL NOT NULL
        )
        """
    )
    connection.execute("CREATE INDEX work_costs_kind ON work_costs (part, checkpoint, width, height)")


MIGRATIONS = (_m001_jobs, _m002_tasks, _m003_sweeps, _m004_work)
