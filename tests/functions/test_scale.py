"""docs/scale.md says what the model does, the model what the template has, and sweeps come to what the model says."""

import shutil
from pathlib import Path

import pytest
from ledger import keys

from bench import large_partner, model, scale, sizing, store
from tests.template import of_type, processed

TEXT = (Path(__file__).parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", list(sizing.tables()), ids=lambda table: table.split(" | ")[0].strip("| "))
def test_the_document_has_the_tables_of_the_model(table: str):
    assert table in TEXT


def test_the_model_has_the_numbers_of_the_template():
    functions = of_type("AWS::Serverless::Function")
    queues = {
        name: event["Properties"]
        for name, function in functions.items()
        for event in function.get("Events", {}).values()
        if event["Type"] == "SQS"
    }
    assert {name: queue["ScalingConfig"]["MaximumConcurrency"] for name, queue in queues.items()} == sizing.CONCURRENCY
    assert {queue["BatchSize"] for queue in queues.values()} == {model.BATCH}
    (stage,) = of_type("AWS::ApiGatewayV2::Stage").values()
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == sizing.REQUESTS_PER_SECOND_MAX
    made = [resource["Properties"] for resource in processed().values() if resource["Type"] == "AWS::Lambda::Function"]
    assert {function["MemorySize"] for function in made} == {sizing.GB * 1024}
    (listing,) = (function for function in made if "administer" in function["Handler"])
    assert listing["Timeout"] == sizing.LIST_SECONDS_MAX


@pytest.mark.parametrize(
    "said",
    [
        f"at most {model.queued_max(keys.CLAIM)} messages of a kind wait",
        f"which make {sizing.WORKERS} batches of {model.BATCH}",
        f"{model.SETTLE_CPU_MS:.0f} ms of processor time, {model.SETTLE_CPU_MS / sizing.PROCESSOR:.0f} at 512 MB",
        f"the day's mails take {sizing.mails_in_a_day() * 20 / sizing.MAILS_PER_SECOND / 3600:.0f} hours",
        f"each further year adds {sizing.gb_of_a_year():.0f} GB, ${sizing.gb_of_a_year() * sizing.GB_MONTH:.0f} a month",
    ],
)
def test_the_text_says_what_the_model_says(said: str):
    assert said in " ".join(TEXT.split())


@pytest.mark.parametrize("together", large_partner.TOGETHER)
def test_a_large_partner_takes_what_the_document_says(together: int):
    stored = large_partner.items(large_partner.journal(100, together))
    megabytes = large_partner.size_bytes(stored) * 10 / 1e6
    row = next(line for line in TEXT.splitlines() if line.startswith(f"| {together} | ") and line.count("|") == 6)
    said, units = row.replace(",", "").split(" | ")[3:]
    assert megabytes == pytest.approx(float(said), rel=0.1)
    assert megabytes * 1e6 / large_partner.UNIT_BYTES == pytest.approx(float(units.rstrip(" |")), rel=0.1)


def test_sweeps_come_to_what_the_model_says(monkeypatch: pytest.MonkeyPatch):
    if shutil.which("java") is None or shutil.which("npm") is None:
        pytest.skip("no java and npm to run DynamoDB Local with")
    # So that few holders are several pages of a shard, and several messages of a page.
    for module in ("api.sweep", "bench.model"):
        monkeypatch.setattr(f"{module}.PAGE", 2)
        monkeypatch.setattr(f"{module}.OWNERS_PER_MESSAGE", 1)
    with store.store():
        assert scale.simulate(200, left_out="write units") == []
