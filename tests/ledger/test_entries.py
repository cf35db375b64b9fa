import base64
from dataclasses import replace
from datetime import date

import pytest
from ledger import Source, entry_from_image, keys
from ledger.entry import Entry, from_item
from ledger.values import decode, digest, encode, item, pack, plain, size_bytes, unpack

DECISIONS = [
    {"day": "2021-02-26", "kind": "report.recorded", "rule": "training-record", "subject": "CORE"},
    {
        "day": "2021-02-26",
        "kind": "claim.earned",
        "rule": "training-record",
        "subject": "ann-0001",
        "facts": {"credits": 64},
    },
    {"day": "2021-02-26", "kind": "claim.redeemed", "rule": "redeemed", "subject": "ann-0001"},
    {
        "day": "2021-02-26",
        "kind": "certification.recertified",
        "rule": "automatic",
        "subject": "ccnp",
        "because": ["x"],
    },
]
ENTRY = Entry(
    pk="H#ann",
    seq=7,
    day=date(2021, 2, 26),
    recorded_at="2021-02-26T09:30:00.000Z",
    commit="c0ffee",
    cause="queue",
    facts=({"event": "exam_passed", "exam": "300-1"},),
    packed_decisions=pack(DECISIONS),
    sources=(Source("acme", "1", {}).to_dict(), Source("http", "2", [], within_holder=True).to_dict()),
    accounts=("ann@example.com",),
    name="Ann",
    refused=({"fact": {}, "detail": "no"},),
    certificates=("CDLL-1",),
    unprojected=3,
    learning=({"event": "exam_passed", "individual": "ann", "exam": "300-1", "passed_on": "2021-02-26"},),
    partners=("acme",),
    same=("ann", "anna"),
    news=({"from": "ann#00000001", "day": "2021-02-26", "at": "2021-02-26T09:30:00.000Z", "facts": []},),
    program=2,
    erased=True,
    erasing={"ann@example.com": "erased-1.ann"},
)


def image(entry: Entry) -> dict[str, object]:
    return item(entry.to_item())


def test_an_entry_comes_back_as_it_was() -> None:
    assert from_item(plain(image(ENTRY))) == ENTRY
    assert entry_from_image(image(ENTRY)) == ENTRY


def test_a_bare_entry_comes_back_as_it_was() -> None:
    bare = Entry("H#ann", 1, date(2021, 2, 26), "2021-02-26T09:30:00.000Z", "c0ffee", "", (), pack([]))
    assert from_item(plain(image(bare))) == bare
    assert set(bare.to_item()) == {"pk", "sk", "day", "recorded_at", "commit", "decisions", "accounts", "erasing"}
    assert image(bare).keys().isdisjoint({"accounts", "erasing"})


def test_an_erasure_that_names_no_account_is_one_all_the_same() -> None:
    nobody = replace(ENTRY, erasing={})
    assert from_item(plain(image(nobody))) == nobody


def test_a_holder_without_accounts_is_not_one_whose_accounts_stay() -> None:
    bare = Entry("H#ann", 1, date(2021, 2, 26), "2021-02-26T09:30:00.000Z", "c0ffee", "", (), pack([]), accounts=())
    assert from_item(plain(image(bare))).accounts == ()


def test_packed_decisions_come_out_of_a_stream_record() -> None:
    many = DECISIONS * 200
    packed = pack(many)
    assert isinstance(packed, bytes)
    record = {**image(ENTRY), "decisions": {"B": base64.b64encode(packed).decode()}}
    assert list(entry_from_image(record).decisions) == many


@pytest.mark.parametrize("key", [keys.unfinished("H#ann"), keys.key("H#ann", "CLAIM#1"), keys.key("A#J#1", "J#1")])
def test_other_items_of_the_stream_are_no_entries(key: keys.Key) -> None:
    assert entry_from_image(item(key)) is None


def test_events_are_those_that_the_contract_names_with_ids_that_stay() -> None:
    earned, recertified = ENTRY.events
    assert earned == {
        "id": "ann-7-1",
        "type": "claim.earned",
        "subject": "ann-0001",
        "time": "2021-02-26T09:30:00.000Z",
        "data": {"holder": "ann", "day": "2021-02-26", "rule": "training-record", "because": [], "credits": 64},
    }
    assert (recertified["id"], recertified["data"]["because"]) == ("ann-7-3", ["x"])


def test_content_is_the_same_in_whatever_order_its_keys_come() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})


def test_values_come_back_as_they_were() -> None:
    values = {
        "text": "é",
        "number": -3,
        "truth": True,
        "bytes": b"\0",
        "list": [1, ["x"]],
        "map": {"a": 1},
        "set": {"a", "b"},
    }
    assert plain(item(values)) == values
    assert decode(encode(date(2024, 2, 29))) == "2024-02-29"
    assert item({"nothing": None}) == {}
    with pytest.raises(TypeError):
        encode(1.5)


def test_long_values_are_packed_and_short_ones_readable() -> None:
    assert pack(["é"]) == '["é"]'
    long = ["x" * 100] * 1000
    assert len(pack(long)) < 5000
    assert unpack(pack(long)) == long


def test_several_news_are_packed_and_one_is_readable() -> None:
    (one,) = ENTRY.news
    fact = {
        "event": "activity_recorded",
        "individual": "ann",
        "item": "LAB",
        "completed_on": "2021-02-26",
        "points": 20,
    }
    single = replace(ENTRY, news=({**one, "facts": [fact]},))
    several = replace(ENTRY, news=single.news * 10)
    assert isinstance(single.to_item()["news"], str)
    assert size_bytes(several.to_item()["news"]) < 300
    for entry in (single, several):
        assert from_item(plain(image(entry))) == entry_from_image(image(entry)) == entry


def test_news_that_were_kept_as_text_are_read_all_the_same() -> None:
    several = replace(ENTRY, news=ENTRY.news * 10)
    assert from_item(plain(item({**several.to_item(), "news": pack(several.news)}))) == several


def test_size_is_that_of_what_is_stored() -> None:
    assert 1000 <= size_bytes({"text": "x" * 1000}) < 1020
    assert 2000 <= size_bytes({"text": "é" * 1000}) < 2020
    assert 1000 <= size_bytes({"list": [b"x" * 500, {"a": "x" * 500}]}) < 1020


def test_a_key_of_a_fact_has_one_length_whatever_its_parts() -> None:
    assert len(keys.fact("x" * 5000, "y")["pk"]) == len(keys.fact("x", "y")["pk"])
    assert keys.fact("a", "bc") != keys.fact("ab", "c")
