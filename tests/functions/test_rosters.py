"""Rosters: a result for each row, and what is accepted goes over the queue to the claims."""

import csv
import json
import time
from base64 import b64encode
from datetime import date
from io import StringIO
from typing import Any

import ledger
import pytest
from api import clients
from api.problems import Problem
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st
from ledger import table

from functions.serve_provider import roster_file
from functions.validate_claim.handler import lambda_handler as validate_claim
from tests.functions.cloud import Cloud
from tests.functions.events import Context, from_queue
from tests.functions.http import PAT, Answer, Client, signed_in
from tests.functions.test_validate_claim import message
from tests.ledger import world

TODAY = date(2021, 2, 25)
ROSTER_SENDER = "AROASERVEPROVIDER"
ROW = {
    "course": "CORE",
    "version": "1.0",
    "account": "ann@example.com",
    "started_on": "2021-02-15",
    "completed_on": "2021-02-19",
    "outcome": "completed",
}
BOTH = signed_in("both@agency.example", "provider:acme", "provider:globex")


@pytest.fixture
def acme(cloud: Cloud, today: Any, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Ann's claim waits for acme, which itself may send nothing to the queue."""
    monkeypatch.setenv("ROSTER_SENDER_ID", ROSTER_SENDER)
    ledger.put_provider(ledger.Provider("acme", "Acme", ()))
    world.enroll("ann")
    world.submit("ann")
    return cloud


def send(*rows: Any, client: Client = PAT, **more: Any) -> Answer:
    return client.post("/provider/reports", {"reports": list(rows), **more}, on=TODAY)


def send_csv(text: str, client: Client = PAT, **event: Any) -> Answer:
    headers = {"content-type": "text/csv; charset=utf-8"}
    return client.send("POST", "/provider/reports", text, on=TODAY, headers=headers, **event)


def as_csv(*rows: dict[str, str], columns: Any = ROW) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def queued(cloud: Cloud) -> list[dict[str, Any]]:
    return [json.loads(taken["body"]) for taken in cloud.take("provider")]


def deliver(cloud: Cloud, sender: str = f"{ROSTER_SENDER}:session") -> list[str]:
    """What is on the queue goes to its function; gives the reasons of dead letters."""
    bodies = [taken["body"] for taken in cloud.take("provider")]
    assert validate_claim(from_queue(*bodies, sender=sender), Context())["batchItemFailures"] == []
    return [letter["reason"] for letter in cloud.take("dead-letter")]


def faults(answer: Answer) -> list[list[str]]:
    """The fields at fault, row by row."""
    assert answer.status == 200, answer.body
    return [sorted(error["field"] for error in result["errors"]) for result in answer.body["results"]]


def test_a_roster_earns_the_claim_and_sent_again_is_recorded_once(acme: Cloud) -> None:
    answer = send(ROW)
    result = {"row": 1, "id": None, "result": "accepted", "errors": []}
    assert answer.body == {"provider": "acme", "accepted": 1, "refused": 0, "results": [result]}
    assert deliver(acme) == []
    assert world.claims("ann") == {"ann-0001": "earned"}
    assert send(ROW).body == answer.body
    assert deliver(acme) == []
    assert len(ledger.load("ann").standing.reports) == 1


def test_a_file_says_what_json_says(acme: Cloud) -> None:
    row = {**ROW, "id": "r-1", "certificate_id": "C-1"}
    send(row)
    wanted = queued(acme)
    for text in (
        as_csv(row, columns=row),
        as_csv(row, columns=sorted(row)),
        "\ufeff" + as_csv(row, columns=row),
        as_csv(row, columns=row).replace("\r\n", "\n").rstrip(),
        as_csv(row, columns=[*row, "provider"]) + "\r\n,,,,,,,,\r\n",
        as_csv({**row, "provider": "acme"}, columns=["provider", *row]),
    ):
        assert send_csv(text).body["accepted"] == 1
        assert queued(acme) == wanted, text
    assert send_csv(b64encode(as_csv(row, columns=row).encode()).decode(), isBase64Encoded=True).status == 200


def test_a_message_is_a_report_of_the_provider_s_roster(acme: Cloud) -> None:
    send({**ROW, "id": "r-1"})
    assert queued(acme) == [
        {
            "specversion": "1.0",
            "id": "r-1",
            "source": "/provider/acme/reports",
            "type": "completion.reported.v1",
            "data": {**ROW, "provider": "acme"},
        }
    ]


def test_a_row_that_is_wrong_is_refused_with_all_its_faults_and_holds_up_no_other(acme: Cloud) -> None:
    rows: list[tuple[Any, list[str]]] = [
        (ROW, []),
        ({**ROW, "course": "NONE", "account": "ann", "outcome": "failed", "version": ""}, ["account", "course", "outcome", "version"]),
        ({**ROW, "completed_on": "2021-02-26"}, ["completed_on"]),
        ({**ROW, "started_on": "2021-02-26", "completed_on": "2021-02-26"}, ["completed_on", "started_on"]),
        ({**ROW, "started_on": "2021-02-20"}, ["row"]),
        ({**ROW, "completed_on": "19.02.2021"}, ["completed_on"]),
        ({**ROW, "completed_on": "9999-12-31"}, ["completed_on"]),
        ({**ROW, "provider": "globex"}, ["provider"]),
        ({**ROW, "provider": "acme", "certificate_id": " ", "id": None}, []),
        ({**ROW, "credits": 64}, ["credits"]),
        ({**ROW, "course": ["CORE"]}, ["course"]),
        ({**ROW, "course": "C" * 5000}, ["course"]),
        ({**ROW, "id": 7}, ["id"]),
        ({}, sorted(ROW)),
        (None, ["row"]),
        ([ROW], ["row"]),
        ("a row", ["row"]),
        ({**ROW, "account": "bob@example.com", "id": "last"}, []),
    ]  # fmt: skip
    answer = send(*(row for row, _ in rows))
    assert faults(answer) == [wanted for _, wanted in rows]
    assert [result["row"] for result in answer.body["results"]] == list(range(1, len(rows) + 1))
    assert (answer.body["accepted"], answer.body["refused"]) == (3, len(rows) - 3)
    # The first row and the one that says the same are one report.
    assert [event["data"]["account"] for event in queued(acme)] == ["ann@example.com", "bob@example.com"]


def test_one_id_says_one_thing_in_a_roster(acme: Cloud) -> None:
    first = {**ROW, "id": "1"}
    rows = [first, {**first, "outcome": "incomplete"}, {**first, "account": "ANN@example.com"}, {**ROW, "id": "2"}]
    answer = send(*rows)
    assert faults(answer) == [[], ["id"], [], []]
    assert [result["id"] for result in answer.body["results"]] == ["1", "1", "1", "2"]
    assert [event["id"] for event in queued(acme)] == ["1", "2"]


def test_what_looks_like_a_formula_is_text(acme: Cloud) -> None:
    formula = '=HYPERLINK("https://x.example","1")'
    answer = send_csv(as_csv({**ROW, "id": formula, "version": "=1+1"}, columns=["id", *ROW]))
    assert (answer.body["results"][0]["id"], answer.headers["content-type"]) == (formula, "application/json")
    assert queued(acme)[0]["data"]["version"] == "=1+1"


HEADER = ",".join(ROW)
LINE = ",".join(ROW.values())
BAD_FILES = {
    "nothing": ("", sorted(ROW)),
    "no rows": (HEADER, ["reports"]),
    "blank lines only": (f"{HEADER}\n\n,,,,,\n", ["reports"]),
    "no header": (LINE, sorted({*ROW, *ROW.values()})),
    "another column": (f"{HEADER},credits\n{LINE},64\n", ["credits"]),
    "a column without a name": (f"{HEADER},\n{LINE},\n", [""]),
    "a column given twice": (f"{HEADER},course\n{LINE},CORE\n", ["course"]),
    "a column too few": (f"{HEADER.removesuffix(',outcome')}\n{LINE}\n", ["outcome"]),
    "semicolons": (f"{HEADER}\n{LINE}\n".replace(",", ";"), sorted([*ROW, HEADER.replace(",", ";")])),
    "an open quote": (f'{HEADER}\n"{LINE}\n{LINE}\n', ["body"]),
    "text after a quote": (f'{HEADER}\n"CORE"x,1.0\n', ["body"]),
    "a cell without end": (f"{HEADER}\n{'x' * 200_000},{LINE}\n", ["body"]),
    "too long": (f"{HEADER}\n{LINE}\n" + "," * 1024 * 1024, ["body"]),
    "1,001 rows": (f"{HEADER}\n" + f"{LINE}\n" * 1001, ["reports"]),
    "a million columns": ("," * 1_000_000, sorted(["", "", *ROW])[1:]),
    "what a gateway makes of another charset": (f"{HEADER}\n{LINE}\n".replace("1.0", "\ufffd"), ["body"]),
    "JSON": (json.dumps({"reports": [ROW]}), None),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_of_a_file_that_cannot_be_read_nothing_is_sent(acme: Cloud, name: str) -> None:
    text, fields = BAD_FILES[name]
    answer = send_csv(text)
    assert answer.status == 400
    assert fields is None or answer.fields == fields
    assert queued(acme) == []


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "utf-32"])
def test_a_file_in_another_charset_is_refused(acme: Cloud, charset: str) -> None:
    raw = as_csv({**ROW, "version": "Münster"}).encode(charset)
    answer = send_csv(b64encode(raw).decode(), isBase64Encoded=True)
    assert (answer.status, answer.fields) == (400, ["body"])


def test_a_line_of_other_length_is_a_row_that_is_wrong(acme: Cloud) -> None:
    answer = send_csv(f"{HEADER}\n{LINE},more,and more\nCORE,1.0\n\n{LINE}\n")
    assert faults(answer) == [["column 7"], ["account", "completed_on", "outcome", "started_on"], []]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"reports": []}, ["reports"]),
        ({"reports": [ROW] * 1001}, ["reports"]),
        ({"reports": [ROW], "provider": 7}, ["provider"]),
        ('{"reports": [{"version": NaN}]}', ["body"]),
        ('{"reports": [{"id": "1", "id": "2"}]}', ["id"]),
    ],
    ids=str,
)
def test_of_json_that_cannot_be_read_nothing_is_sent(acme: Cloud, body: Any, fields: list[str]) -> None:
    answer = PAT.post("/provider/reports", body, on=TODAY)
    assert (answer.status, answer.fields) == (400, fields)
    assert queued(acme) == []


def test_however_many_faults_there_are_the_answer_can_be_sent(acme: Cloud) -> None:
    faulty = {f"{number}": 1 for number in range(80)}
    answer = send(*[faulty] * 1000)
    assert {len(fields) for fields in faults(answer)} == {20}
    assert len(json.dumps(answer.body)) < 4_000_000


def test_nobody_reports_for_another_provider(acme: Cloud) -> None:
    ledger.put_provider(ledger.Provider("globex", "Globex", ()))
    answer = send(ROW, provider="globex")
    assert (answer.status, answer.body["type"]) == (403, "/problems/other-provider")
    assert faults(send_csv(as_csv({**ROW, "provider": "globex"}, columns=["provider", *ROW]))) == [["provider"]]
    assert queued(acme) == []


def test_whoever_acts_for_several_says_for_which(acme: Cloud) -> None:
    ledger.put_provider(ledger.Provider("globex", "Globex", ()))
    assert send(ROW, client=BOTH).fields == ["provider"]
    assert send(ROW, client=BOTH, provider="globex").body["provider"] == "globex"
    named = [{**ROW, "provider": "globex"}, {**ROW, "provider": "acme"}, ROW]
    answer = send_csv(as_csv(*named, columns=["provider", *ROW]), client=BOTH)
    assert (answer.body["provider"], faults(answer)) == ("globex", [[], ["provider"], []])
    assert {event["source"] for event in queued(acme)} == {"/provider/globex/reports"}


def test_a_provider_that_nobody_registered_reports_nothing(acme: Cloud) -> None:
    answer = send(ROW, client=signed_in("n@new.example", "provider:new"))
    assert (answer.status, answer.body["type"]) == (403, "/problems/unknown-provider")


def test_what_the_roster_s_function_sends_is_taken_from_it_alone(acme: Cloud) -> None:
    for sender in ("", "AROAOTHER:session", f"x:{ROSTER_SENDER}", ROSTER_SENDER.lower()):
        send(ROW)
        assert deliver(acme, sender) == ["wrong-sender"]
    assert world.claims("ann") == {"ann-0001": "pending"}


def test_without_the_id_of_that_function_nobody_is_taken_for_it(acme: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for unset in ("", None):
        monkeypatch.setenv("ROSTER_SENDER_ID", unset) if unset is not None else monkeypatch.delenv("ROSTER_SENDER_ID")
        send(ROW)
        assert deliver(acme, "") == ["wrong-sender"]


def test_nobody_uses_up_the_ids_of_another_s_rosters(acme: Cloud) -> None:
    ledger.put_provider(ledger.Provider("globex", "Globex", ("AROAGLOBEX",)))
    theirs = message({**ROW, "provider": "globex"}, id="r-1", source="/provider/acme/reports")
    validate_claim(from_queue(theirs, sender="AROAGLOBEX:session"), Context())
    assert [letter["reason"] for letter in acme.take("dead-letter")] == ["wrong-sender"]
    send({**ROW, "id": "r-1"})
    assert deliver(acme) == []
    assert world.claims("ann") == {"ann-0001": "earned"}


@pytest.mark.parametrize("down", ["refuses", "unreachable"])
def test_what_the_queue_did_not_take_may_be_sent_again(acme: Cloud, monkeypatch: pytest.MonkeyPatch, down: str) -> None:
    sqs = clients.client("sqs")
    batch = sqs.send_message_batch
    rows = [{**ROW, "account": f"{number}@example.com"} for number in range(12)]

    def busy(QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        if len(Entries) < 10:
            if down == "unreachable":
                raise EndpointConnectionError(endpoint_url="https://sqs")
            return {"Failed": [{"Id": entry["Id"]} for entry in Entries]}
        return batch(QueueUrl=QueueUrl, Entries=Entries)

    with monkeypatch.context() as patch:
        patch.setattr(sqs, "send_message_batch", busy)
        answer = send(*rows)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert send(*rows).body["accepted"] == 12
    assert deliver(acme) == []
    kept = {item["pk"]: len(item["waiting"]) for item in table.scan() if "waiting" in item}
    assert kept == {f"A#{row['account']}": 1 for row in rows}


def test_a_thousand_rows_are_taken_in_one_call(acme: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(clients.client("sqs"), "send_message_batch", lambda **call: sent.append(call["Entries"]) or {})
    rows = [{**ROW, "account": f"{number}@example.com", "version": "x" * 200} for number in range(1000)]
    started = time.process_time()
    assert send(*rows).body["accepted"] == 1000
    assert time.process_time() - started < 1
    assert [len(entries) for entries in sent] == [10] * 100


@given(st.text(alphabet=st.sampled_from('course,"\r\n;\ufeff\x00 =é')) | st.text())
def test_any_text_is_a_file_or_bad_input(text: str) -> None:
    for tried in (text, f"{HEADER}\n{text}"):
        try:
            assert all(row.keys() - {""} for row in roster_file.read(tried)["reports"])
        except Problem as problem:
            assert problem.status == 400  # noqa: PT017 - either is right
