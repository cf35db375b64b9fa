"""python -m local.load: a burst of claims and reports, and whether all of it is accounted for. Figures are ratios to
the same stack idle, since a machine's seconds say nothing about AWS.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from statistics import quantiles
from typing import Any

import ledger
from ledger.check import check

from . import messages, sample, stack
from .bus import Tap
from .messages import Message
from .participants import ITEM_TYPE, Participant, join, keep_courses
from .stack import Stack
from .steps import Failed, report, say, step
from .web import Answer

WORKERS = 8
IDLE_CLAIMS, IDLE_MESSAGES = 20, 10
TRIES_MAX = 30
WAIT_SECONDS = 600
# One course that everybody claims; one that the catalog does not have; an account that nobody has.
HOT_COURSE, NO_COURSE, NOBODY = "EVERYBODY", "UNKNOWN", "nobody@trial.example"
DUPLICATES = 0.05
# Twice what the function may take, so that nobody takes what another still has; the template's six times that would be
# most of what is measured.
COMES_BACK_SECONDS = 60
LEFT = b"left on the queue"


@dataclass(frozen=True)
class Burst:
    """Who claims what, each under a key of its own, and what is reported; duplicates included, in order."""

    claims: list[tuple[Participant, str, str]]
    reports: list[Message]


@dataclass
class Measured:
    """What happened: the seconds of each answer, how often there was another try, and the last answer to each key."""

    seconds: list[float] = field(default_factory=list)
    tries_again: int = 0
    answers: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make load", description="A burst of claims and reports on a local stack.")
    parser.add_argument("--holders", type=int, default=40, help="how many claim 5 courses each; by default 40")
    parser.add_argument("--hot", type=int, default=200, help="how many claims one holder makes; by default 200")
    parser.add_argument("--seed", type=int, default=1, help="of what is claimed and sent, and in which order")
    given = parser.parse_args()
    try:
        with stack.running() as deployed:
            figures = run(deployed, given.holders, given.hot, given.seed)
    except Failed as failure:
        report(failure)
        return 1
    say(f"\n{_table(figures)}\n\n{json.dumps(figures)}")
    return 0 if not figures["unaccounted"] else 1


def run(deployed: Stack, holders: int, hot: int, seed: int) -> dict[str, Any]:
    """The figures of a trial on a stack of its own. Raises Failed where something does not end."""
    today = datetime.now(UTC).date()
    chosen = random.Random(seed)  # noqa: S311 - no secret
    courses = [f"C{number:03d}" for number in range(hot)]
    with step(f"load {len(courses) + 1} courses and {holders + 2} holders"):
        sample.load(deployed, today)
        keep_courses([HOT_COURSE, *courses, *(f"IDLE{number:02d}" for number in range(IDLE_CLAIMS))])
        idle = join(deployed, [f"idle{number}" for number in range(WORKERS)], today)
        joined = join(deployed, ["hot", *(f"h{number:03d}" for number in range(holders))], today)
    messages.come_back_after(deployed, COMES_BACK_SECONDS)
    tap = Tap(deployed, [each.holder for each in (*idle, *joined)])
    with step("measure it idle"):
        alone, message_seconds = _measure_idle(deployed, idle[0], today)
    with step("let functions start that a burst finds running"):
        _warm(deployed, idle[1:], today)
    left_before = deployed.cloud.log.read_bytes().count(LEFT)
    burst = _burst(joined, courses, chosen, today)
    with step(f"{len(burst.claims)} claims and {len(burst.reports)} reports at once"):
        measured, drained = _strike(deployed, burst, today)
    with step("account for all of it"):
        unaccounted = list(_unaccounted(deployed, burst, measured, joined, tap))
        fates = Counter(messages.fates(deployed, burst.reports).values())
    statuses = Counter(f"{answer.status} {answer.body.get('rule', '')}".strip() for answer in _last(measured))
    return {
        "seed": seed,
        "claims": {"sent": len(burst.claims), "tried_again": measured.tries_again, **dict(sorted(statuses.items()))},
        "reports": {
            "sent": len(burst.reports),
            "left_for_another_delivery": deployed.cloud.log.read_bytes().count(LEFT) - left_before,
            **dict(sorted(fates.items())),
        },
        "claim_seconds": _ratios(alone.seconds, measured.seconds),
        "queue_seconds": {
            "one_message_idle": round(message_seconds, 3),
            "to_drain_the_burst": round(drained, 1),
            "a_message_of_the_burst": round(drained / len(burst.reports), 3),
            "ratio": round(drained / len(burst.reports) / message_seconds, 2),
        },
        "unaccounted": unaccounted,
    }


def _measure_idle(deployed: Stack, idle: Participant, today: date) -> tuple[Measured, float]:
    measured = Measured()
    for number in range(IDLE_CLAIMS):
        _claim(measured, idle, f"IDLE{number:02d}", f"idle-{number}", today)
    took = []
    for number in range(IDLE_MESSAGES):
        started = time.monotonic()
        _send(deployed, [messages.report(f"idle-{number}", idle.account, f"IDLE{number:02d}", today)])
        _await_empty(deployed)
        took.append(time.monotonic() - started)
    # The first of each finds a function cold.
    measured.seconds = measured.seconds[1:]
    return measured, sorted(took[1:])[len(took) // 2]


def _warm(deployed: Stack, idle: Sequence[Participant], today: date) -> None:
    """A cold start takes a machine's processors, not a stack's: here they are few, and there they are not shared."""
    courses = [f"IDLE{number:02d}" for number in range(IDLE_CLAIMS)]
    claims = [(who, course, f"warm-{course}") for who in idle for course in courses[:5]]
    reports = [messages.report(f"warm-{who.holder}-{course}", who.account, course, today) for who, course, _ in claims]
    # Twice: only in the second are they all there.
    for number in range(2):
        again = [(who, course, f"{key}-{number}") for who, course, key in claims]
        told = [{**one, "id": f"{one['id']}-{number}"} for one in reports]
        _strike(deployed, Burst(again, told), today)


def _burst(joined: Sequence[Participant], courses: Sequence[str], chosen: random.Random, today: date) -> Burst:
    hot, *others = joined
    wanted = [(hot, course) for course in [HOT_COURSE, *courses[1:]]]
    for other in others:
        wanted += [(other, course) for course in [HOT_COURSE, *chosen.sample(courses, min(4, len(courses)))]]
    claims = [(who, course, f"{course}-{who.holder}") for who, course in wanted]
    # The same key again, and the same course under another key, which is refused.
    claims += [claim for claim in claims if chosen.random() < DUPLICATES]
    claims += [(who, course, f"{key}-again") for who, course, key in claims if chosen.random() < DUPLICATES]
    reports = [messages.report(f"{who.holder}-{course}", who.account, course, today) for who, course in wanted]
    strange = [course for course in courses if chosen.random() < DUPLICATES]
    reports += [messages.report(f"nobody-{course}", NOBODY, course, today) for course in strange]
    reports += [messages.report(f"unknown-{course}", hot.account, NO_COURSE, today) for course in strange]
    reports += [told for told in reports if chosen.random() < DUPLICATES]
    chosen.shuffle(claims)
    chosen.shuffle(reports)
    return Burst(claims, reports)


def _strike(deployed: Stack, burst: Burst, today: date) -> tuple[Measured, float]:
    """Claims by several clients, and the queue filled meanwhile; seconds from the first report until none is left."""
    measured = Measured()
    started = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as many:
        claimed = [many.submit(_claim, measured, who, course, key, today) for who, course, key in burst.claims]
        for start in range(0, len(burst.reports), 10):
            _send(deployed, burst.reports[start : start + 10])
        for one in claimed:
            one.result()
    _await_empty(deployed)
    return measured, time.monotonic() - started


def _claim(measured: Measured, who: Participant, course: str, key: str, today: date) -> None:
    body = {**messages.about(course, today), "item_type": ITEM_TYPE}
    for _ in range(TRIES_MAX):
        started = time.monotonic()
        answer = who.client.call("POST", "/claims", body, key=key)
        measured.seconds.append(time.monotonic() - started)
        if answer.status < 500:
            measured.answers.setdefault((who.holder, key), []).append(answer)
            return
        measured.tries_again += 1
        time.sleep(0.2)
    raise Failed(f"POST /claims answered {answer.status} {TRIES_MAX} times: {answer.body}", "See the log above.")


def _send(deployed: Stack, sent: Sequence[Message]) -> None:
    entries = [{"Id": str(number), "MessageBody": json.dumps(message)} for number, message in enumerate(sent)]
    deployed.client("sqs").send_message_batch(QueueUrl=deployed.description["queue"], Entries=entries)


def _await_empty(deployed: Stack) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while messages.waiting(deployed):
        if time.monotonic() > deadline:
            raise Failed(f"the queue was not empty after {WAIT_SECONDS} s", "The machine may be busy: try again.")
        time.sleep(0.02)


def _unaccounted(
    deployed: Stack, burst: Burst, measured: Measured, joined: Sequence[Participant], tap: Tap
) -> Iterator[str]:
    """What did not end as it has to, in words."""
    for (holder, key), answers in measured.answers.items():
        ids = {answer.body.get("claim_id") or answer.body.get("rule") for answer in answers}
        if len(ids) != 1:
            yield f"the same key was answered in different ways: {holder} {key}: {ids}"
    entries = {each.holder: ledger.load(each.holder, consistent=True).entries for each in joined}
    made = Counter(answer.body["claim_id"] for answer in _last(measured) if answer.status == 201)
    kept = Counter(
        fact["claim"]
        for of_holder in entries.values()
        for entry in of_holder
        for fact in entry.facts
        if fact["event"] == "claim_submitted"
    )
    for claim in (made - kept) + (kept - made):
        yield f"claim {claim}: answered {made[claim]} times, recorded {kept[claim]} times"
    for message, fate in messages.fates(deployed, burst.reports).items():
        if fate in ("lost", "twice"):
            yield f"message {message}: {fate}"
    events = {event["id"] for of_holder in entries.values() for entry in of_holder for event in entry.events}
    if left := tap.missing(events, WAIT_SECONDS / 10):
        yield f"{len(left)} events were not published: {sorted(left)[:5]}"
    yield from (str(finding) for finding in check())


def _last(measured: Measured) -> list[Answer]:
    return [answers[-1] for answers in measured.answers.values()]


def _ratios(idle: Sequence[float], busy: Sequence[float]) -> dict[str, dict[str, float]]:
    """The seconds below which half, 95 and 99 of a hundred answers took, idle and in the burst."""
    found = {}
    for name, place in (("p50", 49), ("p95", 94), ("p99", 98)):
        alone, together = (quantiles(seconds, n=100, method="inclusive")[place] for seconds in (idle, busy))
        found[name] = {"idle": round(alone, 3), "burst": round(together, 3), "ratio": round(together / alone, 1)}
    return found


def _table(figures: dict[str, Any]) -> str:
    lines = [
        f"{'claims':12} {_listed(figures['claims'])}",
        f"{'reports':12} {_listed(figures['reports'])}",
        f"{'POST /claims':12} {'idle s':>8} {'burst s':>8} {'ratio':>6}",
    ]
    for name, row in figures["claim_seconds"].items():
        lines.append(f"{name:>12} {row['idle']:8.3f} {row['burst']:8.3f} {row['ratio']:6.1f}")
    lines.append(f"{'queue':12} {_listed(figures['queue_seconds'])}")
    lines += figures["unaccounted"] or ["all accounted for; standing check: nothing found"]
    return "\n".join(lines)


def _listed(numbers: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in numbers.items())


if __name__ == "__main__":
    sys.exit(main())
