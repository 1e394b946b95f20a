"""Programs that chance decides come to the same once seeds, or threads, are fixed from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from solvent.projects.reproduce.conditions import AS_IT_WAS, BOTH, SEEDS, THREADS, Conditions
from tests.processes import user_environment

UNSEEDED = """
import random, numpy
print(random.random(), random.Random().random(), hash("text"))
print(numpy.random.rand(), numpy.random.default_rng().random(), numpy.random.RandomState().rand())
"""
THREADED = """
import random, time
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing.pool import ThreadPool
def work(number):
    time.sleep(random.SystemRandom().random() / 100)
    return number
with ThreadPoolExecutor(max_workers=8) as pool:
    print([done.result() for done in as_completed([pool.submit(work, number) for number in range(20)])])
with ThreadPool(8) as pool:
    print(list(pool.imap_unordered(work, range(20))))
"""


def run(program: str, conditions: Conditions, work: Path, bytecode: Path) -> str:
    variables = {**user_environment(bytecode), **conditions.variables(work, 1.0)}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=variables, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(("program", "conditions"), [(UNSEEDED, SEEDS), (UNSEEDED, BOTH), (THREADED, THREADS)])
def test_what_is_fixed_comes_to_the_same(program: str, conditions: Conditions, tmp_path: Path, bytecode: Path) -> None:
    assert run(program, conditions, tmp_path, bytecode) == run(program, conditions, tmp_path, bytecode)
    assert run(program, AS_IT_WAS, tmp_path, bytecode) != run(program, AS_IT_WAS, tmp_path, bytecode)


def test_seeds_that_a_program_sets_stay_its_own(tmp_path: Path, bytecode: Path) -> None:
    seeded = "import random; random.seed(3); print(random.random(), random.Random(4).random())"
    assert run(seeded, SEEDS, tmp_path, bytecode) == run(seeded, AS_IT_WAS, tmp_path, bytecode)


def test_threads_that_wait_for_each_other_are_ended(tmp_path: Path) -> None:
    waiting = """
import threading
from concurrent.futures import ThreadPoolExecutor
meet = threading.Barrier(2)
with ThreadPoolExecutor(2) as pool:
    list(pool.map(lambda _: meet.wait(), range(2)))
"""
    variables = {**os.environ, **THREADS.variables(tmp_path, 1.0), "SOLVENT_FIXED_SECONDS": "0.5"}
    assert subprocess.run([sys.executable, "-c", waiting], env=variables, timeout=30).returncode == 124
