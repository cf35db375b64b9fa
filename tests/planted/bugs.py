"""Mistakes that somebody could make in the ledger or a handler, each as a change of the code, and the tests to catch it."""

from dataclasses import dataclass

LEDGER, API = "layers/policy/src/ledger", "layers/policy/src/api"
POLICY = "layers/policy/src/policy"
FAULTS = "tests/faults/test_every_fault.py"
INTERLEAVING = "tests/ledger/test_interleaving.py tests/faults/test_interleaving.py"
SWEEP = "tests/functions/test_sweep.py"
SIMULATION = "tests/simulation/test_simulation.py"


@dataclass(frozen=True)
class Bug:
    """what: the mistake; path, right, wrong: the code and what stands there instead; tests: of which one must fail."""

    what: str
    path: str
    right: str
    wrong: str
    tests: str = FAULTS


BUGS = (
    Bug(
        "a fact's marker is written outside the transaction",
        f"{LEDGER}/recording.py",
        "marker = [] if source is None or source.within_holder else [marker_action(source, holder=holder)]",
        "marker = []\n        if source and not source.within_holder:\n"
        "            table.change(marker_action(source, holder=holder))",
    ),
    Bug(
        "the marker of a fact that waits is written after it",
        f"{LEDGER}/accounts.py",
        "table.transact([marker_action(source, account=account), append])",
        "table.transact([append])\n    table.change(marker_action(source, account=account))",
    ),
    Bug(
        "the version is not checked",
        f"{LEDGER}/commit.py",
        '    return table.put_action(values, "attribute_not_exists(pk)")',
        "    return table.put_action(values)",
        INTERLEAVING,
    ),
    Bug(
        "a commit whose reply was lost does not know itself",
        f"{LEDGER}/commit.py",
        "own = next((entry for entry in loaded.entries if entry.commit == commit), None)",
        "own = None",
        "tests/ledger/test_faults.py",
    ),
    Bug(
        "what is left of a large commit is forgotten when it fails",
        f"{LEDGER}/commit.py",
        "if loaded.entries and loaded.entries[-1].unprojected and table.get(keys.unfinished(loaded.pk)):",
        "if False:",
        "tests/ledger/test_faults.py",
    ),
    Bug(
        "certificate ids are not guarded",
        f"{LEDGER}/certificates.py",
        '            condition, named = "earners = :earners", {"earners": holders}',
        "            condition, named = None, {}",
        INTERLEAVING,
    ),
    Bug(
        "the first to earn with a certificate id is not guarded either",
        f"{LEDGER}/certificates.py",
        'condition, named = "attribute_not_exists(earners)", {}',
        'condition, named = "attribute_not_exists(sk) OR attribute_exists(sk)", {}',
        INTERLEAVING,
    ),
    Bug(
        "an account is given while facts come in for it",
        f"{LEDGER}/accounts.py",
        '"attribute_exists(waiting) AND size(waiting) = :number", number=len(waiting)',
        '"attribute_exists(waiting)"',
        INTERLEAVING,
    ),
    Bug(
        "facts wait at an account that has just been given",
        f"{LEDGER}/accounts.py",
        '"attribute_not_exists(holder)",',
        '"attribute_not_exists(nobody)",',
        INTERLEAVING,
    ),
    Bug(
        "an account given to a holder twice at once is another holder's",
        f"{LEDGER}/accounts.py",
        'if found.get("holder") == holder:',
        "if False:",
        INTERLEAVING,
    ),
    Bug(
        "news are not deleted with the entry that takes them up",
        f"{LEDGER}/partners.py",
        "actions=[*deleted, *actions],",
        "actions=[*actions],",
        f"{FAULTS} {SIMULATION}",
    ),
    Bug(
        "partners are told of an activity after the entry, not with it",
        f"{LEDGER}/recording.py",
        "news = learning.tell(loaded.partners, loaded.holder, loaded.version + 1, meant, self.day, recorded_at)",
        "news = []",
    ),
    Bug(
        "keys that a batch leaves out are taken for absent",
        f"{LEDGER}/table.py",
        'left += reply.get("UnprocessedKeys", {}).get(name(), {}).get("Keys", [])',
        "left += []",
        "tests/ledger/test_catalog.py",
    ),
    Bug(
        "a busy table is taken for a refusal",
        "functions/validate_claim/unprocessable.py",
        "        case WaitingFull():",
        '        case error if "Busy" in str(type(error).__mro__):\n'
        '            return Unprocessable("busy", "busy")\n        case WaitingFull():',
    ),
    Bug(
        "messages that a queue did not take are not sent again",
        f"{API}/batches.py",
        'return [int(failed["Id"]) for failed in reply.get("Failed", ())]',
        "return []",
        SWEEP,
    ),
    Bug(
        "events that the bus did not take are not put again",
        "functions/publish_events/handler.py",
        'return [number for number, result in enumerate(reply["Entries"]) if "ErrorCode" in result]',
        "return []",
        f"{FAULTS} {SIMULATION}",
    ),
    Bug(
        "the stream goes on past an entry that was not published",
        "functions/publish_events/handler.py",
        "numbers[done : done + 1]",
        "numbers[done : done]",
        f"{FAULTS} {SIMULATION}",
    ),
    Bug(
        "events have other ids when they are published again",
        f"{LEDGER}/entry.py",
        '"id": f"{journal}-{self.seq}-{number}",',
        '"id": f"{journal}-{self.seq}-{number}-{id(self)}",',
        f"{FAULTS} {SIMULATION}",
    ),
    Bug(
        "the sweep's day is that of the wall clock",
        f"{API}/sweep.py",
        'day = _not_after_today(clock.day_of(_instant(event["time"])))',
        "day = clock.day_of(clock.now())",
        SWEEP,
    ),
    Bug(
        "the sweep goes beyond today",
        f"{API}/sweep.py",
        "return min(day, clock.day_of(clock.now()))",
        "return day",
        SWEEP,
    ),
    Bug(
        "a holder who cannot be settled is passed over",
        f"{API}/sweep.py",
        "            failed.append(owner)",
        "            pass",
        f"{FAULTS} {SWEEP}",
    ),
    Bug(
        "a page of the due index is taken for all of it",
        f"{API}/sweep.py",
        "    if page.cursor:",
        "    if False:",
        SWEEP,
    ),
    Bug(
        "cursors are not signed",
        f"{API}/cursors.py",
        "genuine = hmac.compare_digest(signature, _signature(payload, question))",
        "genuine = True",
        "tests/functions/test_http_claims.py tests/functions/test_http_catalog.py",
    ),
    Bug(
        "an Idempotency-Key is one for all accounts of a holder",
        f"{API}/requests.py",
        'Source(f"{self.route.name} {self.caller.account}", key',
        'Source(f"{self.route.name}", key',
        f"{INTERLEAVING} tests/functions/test_http_claims.py",
    ),
    Bug(
        "a reused Idempotency-Key is answered whatever it says",
        f"{LEDGER}/journal.py",
        'if known["digest"] != source.digest:',
        "if False:",
        f"tests/ledger/test_recording.py {INTERLEAVING}",
    ),
    Bug(
        "a report is matched by course alone",
        f"{POLICY}/validation.py",
        "return max(report.started_on, claim.started_on) <= min(report.completed_on, claim.completed_on)",
        "return True",
        "tests/policy/test_cases.py tests/policy/test_decisions.py tests/ledger/test_histories.py tests/cases/test_cases.py",
    ),
    Bug(
        "anybody may send for a provider",
        "functions/validate_claim/handler.py",
        "if not (may_send(sender_id, provider) or takes_rosters(sender_id)):",
        "if False:",
        "tests/functions/test_validate_claim.py tests/simulation",
    ),
    Bug(
        "a mail is sent without a lease",
        f"{LEDGER}/mail.py",
        '"attribute_not_exists(outcome) AND (attribute_not_exists(lease_until) OR lease_until < :now)",',
        '"attribute_not_exists(nobody) OR lease_until < :now",',
        "tests/functions/test_send_reminders.py",
    ),
    Bug(
        "an upload is claimed with before it is kept",
        "functions/submit_claim/handler.py",
        "        certificates.keep(request.caller.account, given.certificate_key)",
        "        pass",
        f"{FAULTS} tests/functions/test_http_certificates.py",
    ),
)
