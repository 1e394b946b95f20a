"""What an experiment takes from a program: this file lies as ``sitecustomize.py`` before all others on its path.

``SOLVENT_FIXED`` names what is fixed: ``seeds`` gives every generator that nobody seeds the same seed, ``threads`` lets
pools and libraries have one thread. ``SOLVENT_FIXED_SECONDS`` bounds how long a process may take, for a program may wait
for a second thread for ever. It stands alone: it runs in the project's environment, on whichever Python that has.
"""

# It puts other functions in the place of the standard library's, and is read by many Pythons: no types.
# mypy: ignore-errors

import importlib.util
import os
import random
import secrets
import sys
import threading

SEED = 20_000_303
"""Any number will do."""


def fix_seeds():
    """The standard library, NumPy (which takes its entropy from ``secrets.randbits``), PyTorch and TensorFlow."""
    entropy = random.Random(SEED)  # noqa: S311 - to be known beforehand is what it is for
    secrets.randbits = entropy.getrandbits
    seed = random.Random.seed

    def seeded(self, a=None, version=2):
        seed(self, entropy.getrandbits(64) if a is None else a, version)

    random.Random.seed = seeded
    random.seed(SEED)
    sys.meta_path.insert(0, _AfterImport())


class _AfterImport:
    """Seeds a library once it has been imported."""

    def __init__(self):
        self.waiting = {
            "torch": lambda torch: torch.manual_seed(SEED),
            "tensorflow": lambda tensorflow: tensorflow.random.set_seed(SEED),
        }

    def find_spec(self, name, *_):
        seed = self.waiting.pop(name, None)
        spec = importlib.util.find_spec(name) if seed is not None else None
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_seed(module):
            execute(module)
            seed(module)

        spec.loader.exec_module = execute_and_seed
        return spec


def fix_threads():
    """One processor, and pools of one thread whose results come in the order in which they were asked for."""
    import concurrent.futures
    import concurrent.futures.thread
    import multiprocessing.pool

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.cpu_count = lambda: 1
    threads = concurrent.futures.thread.ThreadPoolExecutor
    start_threads = threads.__init__
    pool = multiprocessing.pool.ThreadPool
    start_pool = pool.__init__

    def one_thread(self, *given, **named):
        named.pop("max_workers", None)
        start_threads(self, 1, *given[1:], **named)

    def one_in_pool(self, *given, **named):
        named.pop("processes", None)
        start_pool(self, 1, *given[1:], **named)

    def in_order(fs, timeout=None):
        waiting = list(fs)
        concurrent.futures.wait(waiting, timeout)
        return iter(waiting)

    threads.__init__ = one_thread
    pool.__init__ = one_in_pool
    concurrent.futures.as_completed = concurrent.futures._base.as_completed = in_order  # noqa: SLF001


def end_after(seconds):
    clock = threading.Timer(seconds, os._exit, [124])
    clock.daemon = True
    clock.start()


def leave_mark():
    """Say that a program was reached: one with ``python -I`` never is."""
    try:
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "taken"), "a"):  # noqa: PTH118, PTH123, PTH100, PTH120
            pass
    except OSError:
        pass  # then the experiment counts for nothing


if __name__ == "sitecustomize":
    leave_mark()
    wanted = os.environ.get("SOLVENT_FIXED", "").split(",")
    if "seeds" in wanted:
        fix_seeds()
    if "threads" in wanted:
        fix_threads()
    if os.environ.get("SOLVENT_FIXED_SECONDS"):
        end_after(float(os.environ["SOLVENT_FIXED_SECONDS"]))
