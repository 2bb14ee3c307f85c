"""Real SQLite files, real processes."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from studio.database import Database
from studio.errors import StorageFull, StudioError
from studio.settings import PROJECT_ROOT


def create(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE words (word TEXT)")


def add_length(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE words ADD COLUMN length INTEGER DEFAULT 0")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(tmp_path / "deep" / "studio.sqlite3")
    database.migrate("words", [create])
    return database


def words(database: Database) -> list[str]:
    return [row["word"] for row in database.connection().execute("SELECT word FROM words ORDER BY word")]


def test_each_migration_runs_once_and_later_ones_are_added(database: Database):
    database.migrate("words", [create])
    database.migrate("words", [create, add_length])
    database.migrate("other", [lambda connection: connection.execute("CREATE TABLE other (x)")])
    columns = [row["name"] for row in database.connection().execute("PRAGMA table_info(words)")]
    assert columns == ["word", "length"]


def test_a_migration_that_fails_leaves_nothing_behind(database: Database):
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO words (word) VALUES ('half')")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        database.migrate("words", [create, add_length, half])
    assert words(database) == []
    database.migrate("words", [create, add_length])


def test_a_file_of_a_newer_studio_is_refused(database: Database):
    database.migrate("words", [create, add_length])
    with pytest.raises(StudioError, match="newer version") as caught:
        database.migrate("words", [create])
    assert "Update the studio" in caught.value.hint


def test_a_failing_block_writes_nothing_and_a_nested_one_joins_it(database: Database):
    with pytest.raises(KeyError), database.transaction() as connection:
        connection.execute("INSERT INTO words VALUES ('outer')")
        with database.transaction() as inner:
            assert inner is connection
            inner.execute("INSERT INTO words VALUES ('inner')")
        raise KeyError
    assert words(database) == []
    with database.transaction() as connection:
        connection.execute("INSERT INTO words VALUES ('kept')")
    assert words(database) == ["kept"]


def test_threads_have_connections_of_their_own(database: Database):
    seen = []
    thread = threading.Thread(target=lambda: (seen.append(database.connection()), database.close()))
    thread.start()
    thread.join()
    assert seen[0] is not database.connection()


WRITER = """
import sys
from pathlib import Path
from studio.database import Database
database = Database(Path(sys.argv[1]))
for number in range(50):
    with database.transaction() as connection:
        count = connection.execute("SELECT coalesce(max(cast(word AS INTEGER)), 0) FROM words").fetchone()[0]
        connection.execute("INSERT INTO words VALUES (?)", (str(count + 1),))
"""


def test_writers_in_several_processes_wait_for_each_other(database: Database):
    command = [sys.executable, "-c", WRITER, str(database.path)]
    writers = [subprocess.Popen(command, cwd=PROJECT_ROOT) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    # Read and write are one transaction, so no number was given twice.
    assert sorted(int(word) for word in words(database)) == list(range(1, 151))


def test_a_killed_writer_leaves_the_file_whole(database: Database):
    code = WRITER.replace("count + 1),))", "count + 1),))\n        import os; os.kill(os.getpid(), 9)")
    done = subprocess.run([sys.executable, "-c", code, str(database.path)], cwd=PROJECT_ROOT, check=False)
    assert done.returncode == -9
    assert words(database) == []
    with database.transaction() as connection:
        connection.execute("INSERT INTO words VALUES ('after')")
    assert words(database) == ["after"]


def test_a_full_disk_is_said_and_nothing_is_lost(database: Database):
    with database.transaction() as connection:
        connection.execute("INSERT INTO words VALUES ('before')")
    pages = database.connection().execute("PRAGMA page_count").fetchone()[0]
    database.connection().execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull, match="is full"), database.transaction() as connection:
        connection.execute("INSERT INTO words VALUES (?)", ("x" * 100_000,))
    assert words(database) == ["before"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StudioError, match="cannot be written"):
        Database(tmp_path / "file" / "studio.sqlite3")


def test_a_file_that_is_no_database_is_said_and_left_alone(tmp_path: Path):
    path = tmp_path / "studio.sqlite3"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(StudioError, match="damaged"):
        Database(path).connection()
    assert path.read_bytes().startswith(b"something else")
