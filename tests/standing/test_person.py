import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import ledger
import pytest
from api import certificates
from api.clients import client
from ledger import commit, erasing, holdings, keys, mail, table
from ledger.check import check
from ledger.errors import HolderErased
from ledger.values import digest
from policy import facts
from policy.partners import facts as learned
from policy.partners import program as partner_program
from policy.partners.dated import always
from policy.partners.program import Item, Program, Role, Specialization

from functions.send_reminders import letters
from tests.ledger import world
from tests.ledger.tables import create_table
from tests.standing.conftest import Run

pytestmark = pytest.mark.usefixtures("cloud")
NOW = datetime(2021, 3, 1, tzinfo=UTC)
DAY = NOW.date()
PDF = b"%PDF-1.4"
FIRST, SECOND = "{}@example.com", "{}@work.example"
# What must be found nowhere: of ann, say, all of these.
PERSONAL = (FIRST, SECOND, "{} the Wise", "{} wrote", "{} was told")


@pytest.fixture(autouse=True)
def bucket(cloud: None, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"certificates-{os.environ['TABLE_NAME']}"
    client("s3").create_bucket(Bucket=name)
    monkeypatch.setenv("CERTIFICATES_BUCKET", name)
    return name


@pytest.fixture
def person(bucket: str) -> Callable[[str], str]:
    """Makes a holder with a little of everything."""
    return lambda holder: live(holder, bucket)


def live(holder: str, bucket: str) -> str:
    first, second = (text.format(holder) for text in (FIRST, SECOND))
    # A report that waited, with a marker at the account.
    world.push(world.completion(first, "CYBER"))
    ledger.link_accounts(holder, [first, second], f"{holder} the Wise", world.START)
    award = facts.CertificationAwarded("ccnp", "professional", world.START)
    ledger.record(holder, [facts.TermsAccepted(), award], world.START, cause=f"PUT /enrollment by {first}, request 1")
    world.submit(holder, certificate_id=f"CDLL-{holder.upper()}")
    # Denied, since another account of the same holder was reported.
    world.push(world.completion(second, certificate_id=f"CDLL-{holder.upper()}"))
    key = f"{digest(first)}/{'0' * 32}"
    for folder in ("kept", "uploads"):
        client("s3").put_object(Bucket=bucket, Key=f"{folder}/{key}", Body=PDF, ContentType=certificates.PDF)
    days = (world.COMPLETED, world.COMPLETED)
    design = (f"{holder}-0002", first, "DESIGN", "1.0", world.ACTIVITY, "acme", *days, True, None, key)
    said = [
        facts.ClaimSubmitted(*design),
        facts.CaseOpened(f"{holder}-C0001", f"{holder}-0001", f"{holder} wrote"),
        facts.CaseMessage(f"{holder}-C0001", "operator", f"{holder} was told"),
    ]
    ledger.record(holder, said, DAY, course=world.COURSES["DESIGN"])
    event = next(event["id"] for entry in ledger.load(holder).entries for event in entry.events)
    mail.lease(event, first, NOW)
    mail.finish(event, first, "sent", NOW, "mail-1")
    return holder


def erase(run: Run, holder: str) -> Any:
    return run("person", "erase", holder, "--confirm", holder)


def everywhere() -> str:
    """All that is stored, in the table and the bucket, as one text."""
    found = client("s3").list_objects_v2(Bucket=os.environ["CERTIFICATES_BUCKET"]).get("Contents", [])
    items = [holdings._plain(name, value) for item in table.scan() for name, value in item.items()]
    return json.dumps([*items, *(file["Key"] for file in found)], default=sorted, ensure_ascii=False)


def personal_of(holder: str) -> list[str]:
    found = everywhere()
    secrets = [text.format(holder) for text in PERSONAL] + [digest(FIRST.format(holder))]
    return [text for text in secrets if text in found]


def read(entries: tuple[ledger.Entry, ...]) -> str:
    """What a journal says; that an entry has pseudonyms is nobody's to read."""
    return str([replace(entry, erasing=None) for entry in entries])


def decided(holder: str) -> list[Any]:
    return [(entry.seq, entry.day, entry.decisions, entry.events) for entry in ledger.load(holder).entries]


def test_nothing_personal_is_left_and_everything_decided_stands(run: Run, person: Callable[[str], str]) -> None:
    for holder in ("ann", "bob"):
        person(holder)
    assert len(personal_of("ann")) == len(PERSONAL) + 1
    before, of_bob, numbers = decided("ann"), decided("bob"), len(personal_of("bob"))
    claims = world.claims("ann")
    erased = erase(run, "ann")
    assert (erased.status, erased.err) == (0, "")
    assert erased.lines[0].endswith("2 files deleted")
    assert personal_of("ann") == []
    assert decided("ann")[:-1] == before
    assert world.claims("ann") == claims
    assert (decided("bob"), len(personal_of("bob"))) == (of_bob, numbers)
    assert check() == []
    entry = ledger.load("ann").entries[-1]
    assert (entry.erased, entry.erasing, entry.accounts) == (True, None, ("erased-1.ann", "erased-2.ann"))
    assert entry.cause.startswith("standing person erase")
    assert run("replay", "--dry-run").lines[-1] == "journals looked at: 2, to be made anew: 0, failed: 0"
    assert "erased-1.ann" in run("show", "ann").out


def test_again_is_harmless(run: Run, person: Callable[[str], str]) -> None:
    erase(run, person("ann"))
    before = everywhere()
    assert erase(run, "ann").lines == ["ann: nothing personal is left"]
    assert everywhere() == before


def test_what_was_written_since_is_erased_too(run: Run, person: Callable[[str], str]) -> None:
    erase(run, person("ann"))
    ledger.record("ann", [facts.CaseMessage("ann-C0001", "operator", "ann was told")], DAY)
    assert personal_of("ann") == ["ann was told"]
    assert erase(run, "ann").status == 0
    assert personal_of("ann") == []
    assert ledger.load("ann").accounts == ("erased-1.ann", "erased-2.ann")


def test_a_crash_at_any_write_is_finished_by_running_it_again(
    run: Run, person: Callable[[str], str], bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("ann")
    before, items = decided("ann"), list(table.raw_items())
    files = [(key, certificates.fetch(key)[0]) for key in certificates.files_of(FIRST.format("ann"))]
    writes = ("transact_write_items", "put_item", "update_item", "delete_item", "delete_object")
    for number in count():
        calls = iter(range(1000))
        # Put back with all else of the environment.
        os.environ["TABLE_NAME"] = f"crash-{os.environ['TABLE_NAME']}"
        create_table(ledger.client(), table.name())
        table.put_raw_items(items)
        for key, content in files:
            client("s3").put_object(Bucket=bucket, Key=key, Body=content)
        with monkeypatch.context() as patched:
            for made in (ledger.client(), client("s3")):
                for name in filter(lambda name: hasattr(made, name), writes):
                    patched.setattr(made, name, dying(getattr(made, name), calls, number))
            if erase(run, "ann").status == 0:
                break
        after = decided("ann")
        assert after[: len(before)] == before
        # As soon as it is on record, nobody reads anything personal.
        assert len(after) == len(before) or "ann@" not in read(ledger.load("ann").entries)
        assert erase(run, "ann").status == 0
        assert personal_of("ann") == []
        assert decided("ann")[:-1] == before
        assert check() == []
    assert number > 8


def dying(call: Callable[..., Any], calls: Iterator[int], last: int) -> Callable[..., Any]:
    """The call, after which the command dies if it is the so manieth."""

    def dies(**arguments: Any) -> Any:
        number = next(calls)
        answer = call(**arguments)
        if number == last:
            raise KeyboardInterrupt
        return answer

    return dies


def test_while_it_is_not_finished_all_goes_on_and_the_checker_tells(run: Run, person: Callable[[str], str]) -> None:
    person("ann")
    assert erasing.erase("ann", DAY) == [FIRST.format("ann"), SECOND.format("ann")]
    assert {finding.what.partition(":")[0] for finding in check()} >= {"an erasure that did not end"}
    # Whoever commits now sees claims and reports of the same account.
    ledger.record("ann", [facts.ClaimDecided("ann-0002", "earned")], DAY)
    ledger.settle("ann", date(2024, 2, 1))
    assert "ann@" not in read(ledger.load("ann").entries)
    assert "ann@" not in read(next(entries for holder, entries in ledger.journals() if holder == "ann"))
    before = decided("ann")
    assert erasing.finish("ann") > 0
    assert decided("ann") == before
    assert check() == []
    erase(run, "ann")


def test_an_erasure_larger_than_a_transaction(
    run: Run, person: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person("ann")
    monkeypatch.setattr(table, "TRANSACTION_ITEMS_MAX", 8)
    monkeypatch.setattr(commit, "CHUNK", 2)
    assert erase(run, "ann").status == 0
    assert ledger.load("ann").entries[-1].unprojected > 0
    assert personal_of("ann") == []


def test_the_accounts_are_free_and_the_holder_gets_none_again(run: Run, person: Callable[[str], str]) -> None:
    erase(run, person("ann"))
    first = FIRST.format("ann")
    # What was known is known again, and a stranger's report waits as any other.
    assert world.push(world.completion(first, "CYBER")).again
    assert world.push(world.completion(first, "HUGE")).owner is None
    with pytest.raises(HolderErased):
        ledger.link_accounts("ann", [first], None, DAY)
    refused = run("holder", "link", "ann", "--account", first)
    assert refused.status == 1
    assert "personal data of ann were erased" in refused.err
    ledger.link_accounts("ann2", [first], "Ann", DAY)
    assert len(ledger.load("ann2").standing.reports) == 1
    # Erased again, what became somebody else's stays theirs.
    erase(run, "ann")
    assert ledger.holder_of(first) == "ann2"


def test_files_of_an_account_that_is_somebody_elses_by_now_stay(
    run: Run, person: Callable[[str], str], bucket: str
) -> None:
    person("ann")
    spare = "spare@example.com"
    ledger.link_accounts("ann", [*ledger.load("ann").accounts, spare], "ann the Wise", DAY)
    ledger.link_accounts("ann", list(ledger.load("ann").accounts)[:2], "ann the Wise", DAY)
    ledger.link_accounts("bob", [spare], "Bob", DAY)
    client("s3").put_object(Bucket=bucket, Key=f"kept/{digest(spare)}/1", Body=PDF)
    erase(run, "ann")
    assert list(certificates.files_of(spare)) == [f"kept/{digest(spare)}/1"]
    assert ledger.holder_of(spare) == "bob"
    assert spare not in str(ledger.load("ann"))


@pytest.fixture
def globex(monkeypatch: pytest.MonkeyPatch) -> None:
    """A partner that may record who attended SHOW."""
    rules = Program(
        partner_program.load(),
        {"SHOW": always(Item(points=20, event=True))},
        {"free": Specialization.always("express", ("SHOW",), roles={"am": Role(exams=("700-1",))})},
    )
    monkeypatch.setattr(partner_program, "current", lambda: rules)
    ledger.put_partner(ledger.PartnerRecord("globex", "Globex"))


def attend(holder: str, account: str, name: str | None = None) -> str:
    """Somebody joins Globex and attended, as a file proves that an account uploaded; its key."""
    key = f"{digest(account)}/{name or holder}"
    put = partial(client("s3").put_object, Bucket=os.environ["CERTIFICATES_BUCKET"], ContentType=certificates.PDF)
    put(Key=f"kept/{key}", Body=PDF)
    ledger.associate("globex", holder, DAY)
    event = ("SHOW", DAY, "attended", "globex", "free", True)
    cause = f"POST /partners/globex/activities by {account}, request 1"
    ledger.record_partner("globex", [learned.ActivityRecorded(holder, *event, proof_key=key)], DAY, cause=cause)
    return key


@pytest.mark.usefixtures("globex")
def test_proofs_of_attendance_go_with_whom_they_are_about(run: Run, person: Callable[[str], str]) -> None:
    for holder in ("ann", "bob"):
        person(holder)
    # Ann is an administrator of the partner, and uploaded both.
    uploaded = {holder: attend(holder, FIRST.format("ann")) for holder in ("ann", "bob")}
    assert run("person", "export", "bob", "bob").lines[0].endswith("3 files in bob")
    erase(run, "ann")
    assert list(certificates.files_of(FIRST.format("ann"))) == [f"kept/{uploaded['bob']}"]
    erase(run, "bob")
    assert list(certificates.files_of(FIRST.format("ann"))) == []


@pytest.mark.usefixtures("globex")
@pytest.mark.parametrize("uploader", ["pia@globex.example", FIRST.format("ann"), FIRST.format("bob")])
@pytest.mark.parametrize(("first", "last"), [("ann", "bob"), ("bob", "ann")])
def test_a_proof_of_two_people_is_exported_for_each_and_goes_with_the_last(
    run: Run, person: Callable[[str], str], uploader: str, first: str, last: str
) -> None:
    for holder in ("ann", "bob"):
        person(holder)
        key = attend(holder, uploader, "both")
    for holder in ("ann", "bob"):
        run("person", "export", holder, holder)
        files = json.loads(Path(f"{holder}/person.json").read_text())["files"]
        assert f"kept/{key}" in [file["key"] for file in files]
    told = erase(run, first)
    assert f"  stays until {last} are erased, as proof that they attended: kept/{key}" in told.lines
    assert certificates.is_there(f"kept/{key}")
    assert f"kept/{key}" in erase(run, first).out
    told = erase(run, last)
    assert "stays" not in told.out
    assert not certificates.is_there(f"kept/{key}")
    for holder in ("ann", "bob"):
        assert erase(run, holder).lines == [f"{holder}: nothing personal is left"]


@pytest.mark.usefixtures("globex")
def test_a_proof_goes_though_the_first_erasure_broke_off_before_it_looked(
    run: Run, person: Callable[[str], str]
) -> None:
    for holder in ("ann", "bob"):
        key = attend(person(holder), "pia@globex.example", "both")
    erasing.erase("ann", DAY)
    erase(run, "bob")
    assert not certificates.is_there(f"kept/{key}")
    erase(run, "ann")
    assert personal_of("ann") == personal_of("bob") == []


@pytest.mark.usefixtures("globex")
def test_a_proof_goes_from_where_it_was_uploaded_too(run: Run, person: Callable[[str], str]) -> None:
    key = attend(person("ann"), "pia@globex.example")
    client("s3").put_object(Bucket=os.environ["CERTIFICATES_BUCKET"], Key=f"uploads/{key}", Body=PDF)
    erase(run, "ann")
    assert list(certificates.files_of("pia@globex.example")) == []


@pytest.mark.usefixtures("globex")
def test_an_export_has_what_partners_recorded_under_any_id_of_the_person(
    run: Run, person: Callable[[str], str]
) -> None:
    for holder in ("ann", "annie", "bob"):
        person(holder)
    key = attend("annie", "pia@globex.example")
    attend("bob", "pia@globex.example")
    ledger.merge("annie", "ann", DAY)
    said = [learned.RoleFilled("globex", "free", "am", "ann"), learned.IndividualLeft("globex", "ann")]
    ledger.record_partner("globex", said, DAY, cause="somebody else's")
    run("person", "export", "ann", "ann")
    text = Path("ann/person.json").read_text()
    held = json.loads(text)
    told = [(line["entry"], line["fact"]["event"], line["fact"]["individual"]) for line in held["partners"]]
    assert told == [
        (1, "individual_associated", "annie"),
        (2, "activity_recorded", "annie"),
        (5, "role_filled", "ann"),
        (5, "individual_left", "ann"),
    ]
    assert {line["fact"]["partner"] for line in held["partners"]} == {"globex"}
    assert {line["day"] for line in held["partners"]} == {str(DAY)}
    assert f"kept/{key}" in [file["key"] for file in held["files"]]
    # Who else is there, and who recorded it, is nothing of Ann's.
    assert "bob" not in text
    assert "pia@" not in text
    assert "somebody else's" not in text


def test_no_reminder_goes_out_for_who_was_erased(run: Run, person: Callable[[str], str]) -> None:
    erase(run, person("ann"))
    ledger.settle("ann", world.START + timedelta(days=1080))
    loaded = ledger.load("ann")
    told = [event for entry in loaded.entries for event in entry.events]
    expiring = [event for event in told if event["type"] in ("certification.expiring", "claim.overdue")]
    assert {event["type"] for event in expiring} == {"certification.expiring", "claim.overdue"}
    assert [list(letters.accounts(event, loaded)) for event in expiring] == [[]] * len(expiring)


def test_the_checker_finds_what_an_erasure_left(run: Run, person: Callable[[str], str]) -> None:
    erase(run, person("ann"))
    entry = table.get(keys.entry("H#ann", 1))
    assert entry is not None
    table.put({**entry, "name": "Ann", "accounts": [FIRST.format("ann")]})
    assert "ann 1" in {finding.key for finding in check()}
    table.put(entry)


def test_erasing_asks_for_the_holder_twice(run: Run, person: Callable[[str], str]) -> None:
    person("ann")
    before = everywhere()
    assert run("person", "erase", "ann", "--confirm", "bob").status == 2
    assert run("person", "erase", "ann").status == 2
    assert everywhere() == before
    nobody = run("person", "erase", "dan", "--confirm", "dan")
    assert (nobody.status, nobody.err) == (1, "standing: there is no holder dan\n")


def test_an_export_has_everything_about_one_holder_and_nothing_of_others(
    run: Run, person: Callable[[str], str]
) -> None:
    for holder in ("ann", "bob"):
        person(holder)
    world.submit("bob", "HUGE", certificate_id="CDLL-ANN")
    told = run("person", "export", "ann", "ann")
    assert (told.status, told.err) == (0, "")
    assert told.lines == ["5 journal entries, 2 files in ann"]
    text = Path("ann/person.json").read_text()
    held = json.loads(text)
    for secret in PERSONAL:
        assert secret.format("ann") in text
    assert "bob" not in text
    assert (held["name"], held["accounts"]) == ("ann the Wise", ["ann@example.com", "ann@work.example"])
    assert {fact["event"] for entry in held["journal"] for fact in entry.get("facts", ())} >= {"claim_submitted"}
    assert {item["sk"] for item in held["beside"]} >= {"PROFILE", "CERT#ccnp", "CLAIM#ann-0001", "CASE#ann-C0001"}
    assert {item["pk"].partition("#")[0] for item in held["markers"]} == {"A", "FACT", "CERTIFICATE"}
    assert [item["sk"] for item in held["reminders"]] == ["TO#ann@example.com"]
    for file in held["files"]:
        assert (Path("ann") / file["file"]).read_bytes() == PDF
    assert {path.stat().st_mode & 0o777 for path in Path("ann").iterdir()} == {0o600}
    assert Path("ann").stat().st_mode & 0o777 == 0o700


def test_an_export_of_nobody_or_onto_something(run: Run, person: Callable[[str], str]) -> None:
    assert run("person", "export", "dan", "dan").err == "standing: there is no holder dan\n"
    person("ann")
    Path("ann").mkdir()
    assert run("person", "export", "ann", "ann").err == "standing: ann: File exists\n"
