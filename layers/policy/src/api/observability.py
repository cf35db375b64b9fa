"""Logs and metrics, set up once for all functions.

Logs are JSON lines that carry the ids of what is being done: the function's request, the HTTP request or the event, the
message, the trace. People are named by the ids of holders and claims alone; e-mail addresses are masked.

Traces are those that Lambda itself makes (`Tracing: Active`), and a log line's `xray_trace_id` leads from one to the
other. A Tracer would bring the X-Ray SDK, which costs a cold start more processor time than logger and metrics do
together, to draw calls that the metrics below already time.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from ledger import Recorded

NAMESPACE, SERVICE = "Standing", "standing"
CLAIM_METRICS = {
    "claim.submitted": "ClaimsSubmitted",
    "claim.earned": "ClaimsEarned",
    "claim.denied": "ClaimsDenied",
    "claim.redeemed": "ClaimsRedeemed",
    "credits.expired": "ClaimsExpired",
}
Answer = TypeVar("Answer")

_EMAIL = re.compile(r'[^\s@"<>]{1,64}@[^\s@"<>]+')


def _masked(value: Any) -> Any:
    """A value without e-mail addresses: the text of an unexpected error may quote an account."""
    match value:
        case str():
            return _EMAIL.sub("(e-mail)", value)
        case Mapping():
            return {key: _masked(item) for key, item in value.items()}
        case list() | tuple():
            return [_masked(item) for item in value]
    return value


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(_masked(values), default=lambda value: _masked(str(value)))


logger = Logger(service=SERVICE, json_serializer=_line)
metrics = Metrics(namespace=NAMESPACE, service=SERVICE)


def observed(handler: Callable[[Any, Any], Answer]) -> Callable[[Any, Any], Answer]:
    """A handler whose log lines carry its request's ids, and whose metrics are written when it ends."""

    @logger.inject_lambda_context(correlation_id_path="requestContext.requestId || id", clear_state=True)
    @wraps(handler)
    def run(event: Any, context: Any) -> Answer:
        try:
            return handler(event, context)
        finally:
            if metrics.metric_set:
                metrics.flush_metrics()

    return run


def count(metric: str, number: int = 1) -> None:
    metrics.add_metric(metric, MetricUnit.Count, number)


@contextmanager
def timed(metric: str) -> Iterator[None]:
    """How long something took, in milliseconds, if it came to an end."""
    started = time.perf_counter()
    yield
    metrics.add_metric(metric, MetricUnit.Milliseconds, (time.perf_counter() - started) * 1000)


def measure(recorded: Recorded) -> None:
    """What a commit came to: claims by outcome, and for how many days those decided had been pending."""
    if recorded.entry is None or recorded.standing is None or recorded.again:
        return
    for decision in recorded.entry.decisions:
        if decision["kind"] in CLAIM_METRICS:
            count(CLAIM_METRICS[decision["kind"]])
        if decision["kind"] in ("claim.earned", "claim.denied"):
            submitted_on = recorded.standing.claims[decision["subject"]].submitted_on
            count("PendingDays", (date.fromisoformat(decision["day"]) - submitted_on).days)


def count_dead_lettered(reason: str) -> None:
    """By reason: the one metric with a dimension of its own, and so a line of its own."""
    with single_metric("DeadLettered", MetricUnit.Count, 1, namespace=NAMESPACE) as metric:
        metric.add_dimension("service", SERVICE)
        metric.add_dimension("reason", reason)
