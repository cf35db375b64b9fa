"""What is logged is one line of JSON, whatever it quotes, and names nobody by e-mail address."""

import json
from datetime import date

from api.observability import logger, observed
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.cloud import log as log
from tests.functions.cloud import logged
from tests.functions.events import Context
from tests.functions.logs import TOKEN, faults

ANYTHING = st.recursive(st.none() | st.integers() | st.text() | st.dates(), st.lists)


@given(st.text(), ANYTHING)
def test_whatever_is_logged_is_one_line_of_json(text, value):
    with logged() as log:
        logger.info(text, value=value)
    (line,) = log.lines()
    assert line["level"] == "INFO"


@given(st.emails(), st.text())
def test_an_address_is_masked_wherever_it_stands(address, text):
    with logged() as log:
        logger.info(f"{text} {address}", value=[{"about": (f"<{address}>", LookupError(address))}])
    assert address not in str(log.lines())


def test_an_error_is_logged_with_its_place_but_without_the_address(log):
    try:
        raise LookupError("ann@example.com")
    except LookupError:
        logger.exception("failed", day=date(2024, 2, 29))
    (line,) = log.lines()
    assert (line["exception_name"], line["day"]) == ("LookupError", "2024-02-29")
    assert "test_an_error_is_logged" in line["exception"]
    assert "ann@example.com" not in log.getvalue()


def test_what_the_tests_look_for_in_every_line_is_found() -> None:
    line = {"message": "done", "holder": "ann", "status": 200}
    assert faults(json.dumps(line)) == []
    for told in ({"message": f"Bearer {TOKEN}"}, {"cause": "POST /claims"}, {"type": "of ann@example.com"}):
        assert len(faults(json.dumps({**line, **told}))) == 1
    assert faults(json.dumps(line, indent=1)) != []


def test_a_line_carries_the_ids_of_what_is_being_done_and_none_of_what_was_done_before(log):
    @observed
    def handler(event, context):
        logger.append_keys(holder=event.get("holder"))
        logger.info("done")

    handler({"requestContext": {"requestId": "of the gateway"}, "holder": "ann"}, Context())
    handler({"id": "of the schedule"}, Context())
    first, second = log.lines()
    assert (first["correlation_id"], first["holder"]) == ("of the gateway", "ann")
    assert (second["correlation_id"], "holder" in second) == ("of the schedule", False)
    assert first["function_request_id"] == Context.aws_request_id
