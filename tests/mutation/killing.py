"""A plugin of pytest: the collected tests once as they are, then against each mutant in a fork of this process."""

import gc
import os
import random
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from functools import _lru_cache_wrapper
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation import mutants

WORKERS = 2
MEMORY_BYTES_MAX = 1 << 30
KILLED, SURVIVED, TIMEOUT, UNTESTED = "killed", "survived", "timeout", "no test"


class Killing:
    def __init__(self, sample: int | None, seed: int, pattern: str) -> None:
        self.sample, self.seed, self.pattern = sample, seed, pattern
        self.outcomes: dict[str, str] = {}
        self.total = 0
        # The tests that call a function, and the seconds each test takes.
        self._tests: defaultdict[Any, list[pytest.Item]] = defaultdict(list)
        self._seconds: dict[str, float] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        caches = [found for found in gc.get_objects() if isinstance(found, _lru_cache_wrapper) and _of_policy(found)]
        for item in session.items:
            self._observe(item, caches)
        for tests in self._tests.values():
            tests.sort(key=lambda item: self._seconds[item.nodeid])
        for cache in caches:
            cache.cache_clear()
        # What fails in a fork by itself would seem to kill all.
        pid = self._fork(None, session.items)
        if os.waitpid(pid, 0)[1]:
            raise pytest.UsageError("the tests pass once, but not once more without any mutant")
        self._kill(self._chosen())
        return True

    def _observe(self, item: pytest.Item, caches: list[Any]) -> None:
        """Run a test without any mutant, and see which functions it calls."""
        called, known = set(), mutants.codes()

        def see(frame: Any, event: str, _: Any) -> None:
            if event == "call" and frame.f_code in known:
                called.add(frame.f_code)

        for cache in caches:
            cache.cache_clear()
        started = time.process_time()
        sys.settrace(see)
        try:
            reports = runtestprotocol(item, log=False)
        finally:
            sys.settrace(None)
        self._seconds[item.nodeid] = time.process_time() - started
        for report in reports:
            if report.failed:
                raise pytest.UsageError(f"{item.nodeid} fails without any mutant:\n{report.longreprtext}")
        for code in called:
            self._tests[code].append(item)

    def _chosen(self) -> list[str]:
        names = [name for name in mutants.names() if self.pattern in name]
        self.total = len(names)
        return names if self.sample is None else random.Random(self.seed).sample(names, min(self.sample, len(names)))  # noqa: S311

    def _kill(self, names: list[str]) -> None:
        running: dict[int, str] = {}
        for number, name in enumerate(names, 1):
            tests = self._tests[mutants.find(name)[0].__code__]
            if not tests:
                self.outcomes[name] = UNTESTED
                continue
            while len(running) >= WORKERS:
                self._wait(running)
            running[self._fork(name, tests)] = name
            if number % 50 == 0:
                print(f"{number} of {len(names)}, {Counter(self.outcomes.values())[SURVIVED]} survived", flush=True)
        while running:
            self._wait(running)

    def _fork(self, mutant: str | None, tests: list[pytest.Item]) -> int:
        seconds_max = 10 + round(2 * sum(self._seconds[item.nodeid] for item in tests))
        pid = os.fork()
        if not pid:
            os._exit(_fails(mutant, tests, seconds_max))
        return pid

    def _wait(self, running: dict[int, str]) -> None:
        pid, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        # Who computes on and on is stopped by the kernel, at so much of its own time: a busy machine changes nothing.
        stopped = code in (-signal.SIGXCPU, -signal.SIGKILL)
        name = running.pop(pid)
        self.outcomes[name] = TIMEOUT if stopped else KILLED if code else SURVIVED
        if not code:
            print(mutants.difference(name), flush=True)


def _of_policy(cache: Any) -> bool:
    return str(getattr(cache, "__module__", "")).startswith("policy")


def _fails(mutant: str | None, tests: list[pytest.Item], seconds_max: int) -> int:
    """In the fork: 0 if no test fails."""
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds_max, seconds_max + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, sys.stdout.fileno())
        os.dup2(silent, sys.stderr.fileno())
        if mutant:
            mutants.activate(mutant)
        return int(any(report.failed for item in tests for report in runtestprotocol(item, log=False)))
    except BaseException:
        return 1
