from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from studio.jobs.locks import FileLock, file_name, worker_lock
from studio.settings import PROJECT_ROOT

HOLDER = """
import sys
from pathlib import Path
from studio.jobs.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_a_lock_has_one_holder_and_falls_when_its_process_is_killed(tmp_path: Path):
    lock = FileLock(tmp_path / "locks" / "a.lock")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock.path)], cwd=PROJECT_ROOT, stdin=-1, stdout=-1, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "True\n"
    assert not lock.acquire()
    holder.kill()
    holder.wait()
    assert lock.acquire()
    assert not FileLock(lock.path).acquire()
    lock.release()
    lock.release()
    with FileLock(lock.path) as again:
        assert again.acquire()
    assert lock.acquire()


def test_a_device_names_its_lock(tmp_path: Path):
    assert file_name("cuda:0") == "cuda-0"
    assert worker_lock(tmp_path, "../x").path == tmp_path / "locks" / "worker----x.lock"
