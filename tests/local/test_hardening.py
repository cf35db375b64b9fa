"""What a stack has once SAM has processed the template: encrypted, bounded, watched, and open to nobody.

The usual questions checkov asks (`make audit`); these are about this stack.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.template import processed, resolved

# What a line of the gateway's log may say: nothing of who calls, and nothing of what is sent.
LOGGED = {
    "requestId", "routeKey", "status", "responseLatency", "error.message", "authorizer.error", "integrationErrorMessage",
}  # fmt: skip


def of_type(kind: str) -> dict[str, Any]:
    return {
        name: resolved(resource["Properties"]) for name, resource in processed().items() if resource["Type"] == kind
    }


def watched(metric: str) -> set[str]:
    """What has an alarm on a metric: the values of its dimension."""
    return {
        value.removesuffix(".QueueName")
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        for name, value in _metrics(alarm)
        if name == metric
    }


def _metrics(alarm: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for query in alarm.get("Metrics", [{"MetricStat": {"Metric": alarm}}]):
        if "MetricStat" in query:
            metric = query["MetricStat"]["Metric"]
            yield metric["MetricName"], metric["Dimensions"][0]["Value"]


def consumed() -> dict[str, dict[str, Any]]:
    """The queues that functions take from, and how."""
    mappings = of_type("AWS::Lambda::EventSourceMapping").values()
    queues = of_type("AWS::SQS::Queue")
    by_source = {mapping["EventSourceArn"].removesuffix(".Arn"): mapping for mapping in mappings}
    return {name: by_source[name] for name in queues.keys() & by_source.keys()}


def test_everything_that_is_kept_is_encrypted() -> None:
    assert [
        name for name, queue in of_type("AWS::SQS::Queue").items() if queue["SqsManagedSseEnabled"] is not True
    ] == []
    assert all(table["SSESpecification"]["SSEEnabled"] is True for table in of_type("AWS::DynamoDB::Table").values())
    for bucket in of_type("AWS::S3::Bucket").values():
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}


def test_a_bucket_gives_nothing_away_without_tls() -> None:
    for policy in of_type("AWS::S3::BucketPolicy").values():
        assert {"Bool": {"aws:SecureTransport": "false"}} in [
            one["Condition"] for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"
        ]


def test_nothing_is_allowed_to_everybody() -> None:
    policies = [*of_type("AWS::S3::BucketPolicy").values(), *of_type("AWS::SQS::QueuePolicy").values()]
    statements = [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]
    assert [one for one in statements if one["Effect"] == "Allow" and one["Principal"] in ("*", {"AWS": "*"})] == []
    for permission in of_type("AWS::Lambda::Permission").values():
        assert permission["Principal"] in ("apigateway.amazonaws.com", "events.amazonaws.com")
        assert permission["SourceArn"]
    assert of_type("AWS::Lambda::Url") == {}


def test_logs_are_kept_for_a_while_and_in_one_place() -> None:
    ((name, group),) = of_type("AWS::Logs::LogGroup").items()
    assert group["RetentionInDays"] == 90
    for function in of_type("AWS::Lambda::Function").values():
        assert function["LoggingConfig"] == {"LogFormat": "JSON", "LogGroup": name}


def test_the_gateway_s_log_names_nobody() -> None:
    (stage,) = of_type("AWS::ApiGatewayV2::Stage").values()
    assert set(re.findall(r"\$context\.([\w.]+)", stage["AccessLogSettings"]["Format"])) == LOGGED


def test_the_gateway_is_throttled() -> None:
    (stage,) = of_type("AWS::ApiGatewayV2::Stage").values()
    limits = stage["DefaultRouteSettings"]
    assert 0 < limits["ThrottlingRateLimit"] <= limits["ThrottlingBurstLimit"] <= 5000


def test_who_takes_from_a_queue_is_bounded_and_gives_back_what_failed() -> None:
    assert consumed()
    for mapping in consumed().values():
        assert 2 <= mapping["ScalingConfig"]["MaximumConcurrency"] <= 100
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_what_fails_for_good_is_put_aside_where_an_alarm_is() -> None:
    queues = of_type("AWS::SQS::Queue")
    aside = {queues[name]["RedrivePolicy"]["deadLetterTargetArn"] for name in consumed()}
    (stream,) = (each for each in of_type("AWS::Lambda::EventSourceMapping").values() if "StartingPosition" in each)
    assert stream["MaximumRetryAttempts"] <= 100
    aside.add(stream["DestinationConfig"]["OnFailure"]["Destination"])
    for rule in of_type("AWS::Events::Rule").values():
        aside |= {target["DeadLetterConfig"]["Arn"] for target in rule["Targets"] if "DeadLetterConfig" in target}
    named = {arn.removesuffix(".Arn") for arn in aside}
    assert named == watched("ApproximateNumberOfMessagesVisible")
    assert {name for name in queues if "DeadLetter" in name} <= named
    assert {queues[name]["MessageRetentionPeriod"] for name in named} == {14 * 24 * 3600}


def test_whatever_waits_too_long_has_an_alarm() -> None:
    assert watched("ApproximateAgeOfOldestMessage") == consumed().keys()
    assert watched("IteratorAge") == {"PublishEvents"}


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_has_an_alarm(metric: str) -> None:
    assert watched(metric) == of_type("AWS::Lambda::Function").keys()


def test_the_sweeps_have_alarms_for_when_they_lag_and_for_when_they_do_not_run() -> None:
    assert watched("SweepLagDays") == {"standing"}
    scheduled = {
        target["Arn"].removesuffix(".Arn")
        for rule in of_type("AWS::Events::Rule").values()
        if "ScheduleExpression" in rule
        for target in rule["Targets"]
    }
    missed = [alarm for alarm in of_type("AWS::CloudWatch::Alarm").values() if alarm["TreatMissingData"] == "breaching"]
    assert watched("Invocations") == {value for alarm in missed for _, value in _metrics(alarm)} == scheduled


def test_requests_that_fail_have_an_alarm() -> None:
    assert watched("5xx") == {"HttpApi"}


def test_every_alarm_rings_and_can_be_made() -> None:
    for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmActions"] == ["Alarms"], name
        # An alarm adds up ten metrics at most, by names that begin in lower case.
        metrics = alarm.get("Metrics", [])
        assert len([metric for metric in metrics if "MetricStat" in metric]) <= 10, name
        assert all(re.fullmatch("[a-z][A-Za-z0-9_]*", metric["Id"]) for metric in metrics), name
