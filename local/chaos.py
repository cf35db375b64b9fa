"""python -m local.chaos: claims and reports while calls fail and functions are killed; nothing is lost, nothing is twice.

Clients and functions reach the cloud through a proxy that fails at times. A seed chooses what is sent, what is killed and
which calls fail; how these meet in time is the machine's, so a seed that fails may need more than one run to do so again.
"""

import argparse
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout, suppress
from datetime import UTC, date, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any

import boto3
import ledger
from botocore.exceptions import BotoCoreError, ClientError
from ledger.check import check
from standing.__main__ import main as standing

from . import cloud, messages, proxy, sample, stack
from .bus import Tap
from .messages import Message
from .participants import ITEM_TYPE, Participant, join, keep_courses
from .proxy import Proxy
from .stack import Stack
from .steps import Failed, report, say, step
from .web import Answer

WORKERS = 6
SHARE = 0.08
# A process that is killed starts again cold, for seconds: enough to be met at any place, and few enough to get on.
KILLS = 12
KILL_SECONDS = (0.3, 2.0)
# The local cloud does not get over the death of a process that has not begun to work.
STARTED_SECONDS = 4
PAUSE_SECONDS_MAX = 1.0
COMES_BACK_SECONDS = 8
TRIES_MAX = 60
WAIT_SECONDS = 180
# Bodies that are no messages; each is sent with a number in it, beside one that is, in a batch of ten.
POISON = (
    "no JSON {}",
    '{{"specversion": "1.0", "id": "{}"',
    '["{}"]',
    '"{}"',
    '{{"specversion": "1.0", "id": "{}", "source": "x", "type": "no.such.v1", "data": {{}}}}',
    '{{"specversion": "1.0", "id": "{}", "source": "x", "type": "completion.reported.v1", "data": {{"provider": NaN}}}}',
    '{{"specversion": "1.0", "id": "{}\\ud800", "source": "x", "type": "completion.reported.v1", "data": 7}}',
    "[" * 5000 + "{}",
    '{{"id": "{}", "long": "' + "x" * 100_000 + '"}}',
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description="Faults all over a local stack.")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, one after the other; by default 1")
    parser.add_argument("--seed", type=int, default=1, help="the first of them; by default 1")
    parser.add_argument("--claims", type=int, default=80, help="how many claims with each seed; by default 80")
    given = parser.parse_args()
    failed = []
    try:
        with stack.running() as deployed:
            with step("load the sample program"):
                sample.load(deployed, datetime.now(UTC).date())
            for seed in range(given.seed, given.seed + given.seeds):
                with step(f"seed {seed}: {given.claims} claims and their reports"):
                    figures = run(deployed, seed, given.claims)
                say(f"    {json.dumps(figures)}")
                failed += [seed] if figures["wrong"] else []
    except Failed as failure:
        report(failure)
        return 1
    say(f"failed: seeds {failed}" if failed else "nothing lost, nothing twice; standing check: nothing found")
    return 1 if failed else 0


def run(deployed: Stack, seed: int, claims: int, kills: int = KILLS) -> dict[str, Any]:
    """What happened with a seed; `wrong` is empty where everything is as it must be. The stack may be used again."""
    today = datetime.now(UTC).date()
    chosen = random.Random(seed)  # noqa: S311 - no secret
    courses = [f"X{seed}-{number:02d}" for number in range(max(2, claims // 6))]
    coming = f"X{seed}-COMING"
    keep_courses(courses)
    _await_empty(deployed, WAIT_SECONDS)
    with proxy.running(deployed.cloud.endpoint, seed) as failing, _through(deployed, failing):
        api = deployed.description["api"].replace(deployed.cloud.endpoint, failing.endpoint)
        joined = join(deployed, [f"x{seed}-{number}" for number in range(6)], today, api=api)
        tap = Tap(deployed, [each.holder for each in joined])
        wanted = [(who, course) for course in courses for who in joined][:claims]
        reports = [
            messages.report(f"x{seed}-{who.holder}-{course}", who.account, course, today) for who, course in wanted
        ]
        # Of a course that the catalog gets only later: a dead letter until then.
        early = [messages.report(f"x{seed}-{who.holder}-coming", who.account, coming, today) for who in joined]
        poison = [body.format(f"{seed}-{number}") for number, body in enumerate(POISON)]
        bodies = [json.dumps(one) for one in (*reports, *early)]
        again = [body for body in bodies if chosen.random() < 0.2]
        chosen.shuffle(wanted)
        chosen.shuffle(bodies)
        with ThreadPoolExecutor(WORKERS) as many:
            # Functions have started anew, to go through the proxy.
            list(many.map(lambda who: who.client.call("GET", "/dashboard"), joined))
            _send(deployed.client("sqs"), deployed.description["queue"], bodies[:1])
            _await_empty(deployed, WAIT_SECONDS)
        failing.share = SHARE
        with _killing(deployed, chosen, kills) as killed:
            answers = _strike(failing, deployed, wanted, [*poison, *bodies, *again], today)
            _await_empty(deployed, WAIT_SECONDS / 3)
        failing.share = 0
        _await_empty(deployed, WAIT_SECONDS)
    keep_courses([coming])
    _redrive(deployed)
    _await_empty(deployed, WAIT_SECONDS)
    return {
        "seed": seed,
        "claims": len(wanted),
        "messages": len(poison) + len(bodies) + len(again),
        "calls": failing.told.total(),
        "faults": {fault: failing.told[fault] for fault in proxy.FAULTS},
        "killed": len(killed),
        "wrong": list(_wrong(deployed, joined, answers, [*reports, *early], poison, tap)),
    }


@contextmanager
def _through(deployed: Stack, failing: Proxy) -> Iterator[None]:
    """In the block functions reach the cloud through a proxy, and messages come back soon."""
    functions, before = deployed.client("lambda"), {}
    for name in deployed.description["functions"].values():
        before[name] = functions.get_function_configuration(FunctionName=name).get("Environment", {"Variables": {}})
        variables = {**before[name]["Variables"], "AWS_ENDPOINT_URL": failing.endpoint}
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    hidden = messages.hidden_seconds(deployed)
    messages.come_back_after(deployed, COMES_BACK_SECONDS)
    try:
        yield
    finally:
        messages.come_back_after(deployed, hidden)
        for name, environment in before.items():
            functions.update_function_configuration(FunctionName=name, Environment=environment)


@contextmanager
def _killing(deployed: Stack, chosen: random.Random, kills: int) -> Iterator[list[int]]:
    """In the block a function's process is killed every now and then; gives which."""
    killed: list[int] = []
    done = threading.Event()

    def kill() -> None:
        while len(killed) < kills and not done.wait(chosen.uniform(*KILL_SECONDS)):
            if workers := _workers(deployed.cloud.pid):
                pid, folder = chosen.choice(workers)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                # The local cloud unpacks another for the next, and forgets this one.
                shutil.rmtree(folder, ignore_errors=True)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        done.set()
        thread.join()


def _workers(parent: int) -> list[tuple[int, Path]]:
    """The processes of functions that are at work, each with the folder that it runs in."""
    asked = ["ps", "-Ao", "pid=,ppid=,etimes=,args="]
    told = subprocess.run(asked, capture_output=True, text=True, check=True)
    lines = [line.split() for line in told.stdout.splitlines()]
    of_cloud = [words for words in lines if words[1] == str(parent) and "ministack-lambda-" in words[-1]]
    return [(int(words[0]), Path(words[-1]).parent) for words in of_cloud if int(words[2]) >= STARTED_SECONDS]


def _strike(
    failing: Proxy,
    deployed: Stack,
    wanted: Sequence[tuple[Participant, str]],
    bodies: Sequence[str],
    today: date,
) -> dict[tuple[str, str], Answer]:
    """Claims by several clients while messages are sent in tens; the answer to each claim, whenever one came."""
    reached = cloud.credentials(failing.endpoint)
    sqs, queue = boto3.client("sqs", **reached), deployed.description["queue"]
    with ThreadPoolExecutor(WORKERS) as many:
        claimed = {(who.holder, course): many.submit(_claim, who, course, today) for who, course in wanted}
        batches = [bodies[start : start + 10] for start in range(0, len(bodies), 10)]
        sent = [many.submit(_send, sqs, queue, batch) for batch in batches]
        for one in sent:
            one.result()
        return {key: one.result() for key, one in claimed.items()}


def _claim(who: Participant, course: str, today: date) -> Answer:
    """The answer to a claim, sent with one key until there is one."""
    body = {**messages.about(course, today), "item_type": ITEM_TYPE}
    for _ in range(TRIES_MAX):
        # A connection that was cut, or an answer that is none of the API's.
        with suppress(OSError, HTTPException, ValueError):
            answer = who.client.call("POST", "/claims", body, key=course)
            if answer.status < 500:
                return answer
        time.sleep(random.uniform(0, PAUSE_SECONDS_MAX))  # noqa: S311 - no secret
    raise Failed(f"no answer to a claim in {TRIES_MAX} tries", "See what the functions log.")


def _send(sqs: Any, queue: str, bodies: Sequence[str]) -> None:
    """Send until it is known to be sent; what was sent twice has to do no harm."""
    left = {str(number): body for number, body in enumerate(bodies)}
    for _ in range(TRIES_MAX):
        with suppress(BotoCoreError, ClientError):
            entries = [{"Id": number, "MessageBody": body} for number, body in left.items()]
            for sent in sqs.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"]:
                del left[sent["Id"]]
            if not left:
                return
    raise Failed(f"not sent in {TRIES_MAX} tries: {next(iter(left.values()))[:200]}", "See the log of the cloud.")


def _await_empty(deployed: Stack, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while messages.waiting(deployed) and time.monotonic() < deadline:
        time.sleep(0.1)


def _redrive(deployed: Stack) -> None:
    """What an operator does: try the dead letters again."""
    places = {
        "--dead-letter-queue": deployed.description["dead_letter_queue"],
        "--validate-claim": deployed.description["functions"]["validate_claim"],
        "--endpoint-url": deployed.cloud.endpoint,
        "--region": cloud.REGION,
    }
    with redirect_stdout(io.StringIO()):
        status = standing(["redrive", *(word for place in places.items() for word in place)])
    if status:
        raise Failed("standing redrive failed", "See the log of the cloud.")


def _wrong(
    deployed: Stack,
    joined: Sequence[Participant],
    answers: dict[tuple[str, str], Answer],
    sent: Sequence[Message],
    poison: Sequence[str],
    tap: Tap,
) -> Iterator[str]:
    """What is not as it must be, in words."""
    if left := messages.waiting(deployed):
        yield f"{left} messages are still on the queue"
    for message, fate in messages.fates(deployed, sent).items():
        if fate != "recorded":
            yield f"message {message}: {fate}"
    dead = messages.dead_bodies(deployed)
    yield from (f"not in the dead-letter queue: {body[:60]}" for body in poison if not dead[body])
    loaded = {each.holder: ledger.load(each.holder, consistent=True) for each in joined}
    for holder, standing_of in loaded.items():
        claims = Counter(claim.course for claim in standing_of.standing.claims.values())
        asked = Counter(course for who, course in answers if who == holder)
        if claims != asked:
            yield f"{holder} has claims {claims - asked} too many and {asked - claims} too few"
        yield from (
            f"{claim.claim} is {claim.status}, though it was reported"
            for claim in standing_of.standing.claims.values()
            if claim.status != "earned"
        )
    for (holder, course), answer in answers.items():
        if answer.status != 201:
            yield f"{holder} {course}: {answer.status} {answer.body}"
    events = {event["id"] for each in loaded.values() for entry in each.entries for event in entry.events}
    if unpublished := tap.missing(events, WAIT_SECONDS):
        yield f"not published: {sorted(unpublished)[:5]} and {max(0, len(unpublished) - 5)} more"
    yield from (str(finding) for finding in check())


if __name__ == "__main__":
    sys.exit(main())
