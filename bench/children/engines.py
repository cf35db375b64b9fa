"""Decisions by the rules as they are, and by other engines on the same holders.

The question: may each of a holder's three certifications be renewed today, and by which option? The others are asked a
simpler one, with days as numbers: whether credits and exams of the cycle meet an option today. All must agree.
"""

import json
import random
import sys
from datetime import date, timedelta
from itertools import chain
from time import process_time

paths, given = json.loads(sys.argv[1])
sys.path[:0] = paths

import fisca  # noqa: E402
import zen  # noqa: E402
from cel import Context, compile  # noqa: A004, E402
from policy import Standing, facts, program, views  # noqa: E402
from policy.recertification import KINDS_OF_PART, counting_claims, counting_exams, criteria_met, match  # noqa: E402
from policy.state import Certification, Claim, Exam  # noqa: E402

TODAY = date(2023, 6, 1)
START = date(2022, 6, 1)
RULES = program.load()
EDITION = RULES.edition(TODAY)
LEVELS = ("associate", "professional", "expert")
KINDS = ("associate", "core", "concentration", "design_written", "expert_lab")
ROUNDS = 5


def holder(number):
    """One of 10 claims, 3 certifications and 3 exams."""
    chance = random.Random(number)
    standing = Standing(RULES)
    standing.today = TODAY
    for level in LEVELS:
        # So long after that a new term reaches further on any day since.
        expires = date(START.year + EDITION.term_years[level], START.month, START.day)
        standing.certifications[level] = Certification(level, level, START, expires, expires, date.max)
    for n in range(10):
        day = START + timedelta(days=chance.randrange(-90, 365))
        standing.claims[f"c{n}"] = Claim(
            *(f"c{n}", "ann@example.com", f"C{n}", f"Course {n}", "1.0", "activity", "acme", day, day, None, None),
            *(chance.choice((1, 2, 4, 8, 16)), day, date(2026, 6, 1)),
            decision="earned" if chance.random() < 0.8 else "pending",
            status="earned",
        )
    for n in range(3):
        day = START + timedelta(days=chance.randrange(-90, 365))
        standing.exams.append(
            Exam(f"{n}", chance.choice(("entry", *KINDS[:3]) if chance.random() < 0.9 else KINDS), day)
        )
    return standing


def as_numbers(standing, level):
    cert = standing.certifications[level]
    return {
        "level": level,
        "today": TODAY.toordinal(),
        "start": cert.cycle_start.toordinal(),
        "end": cert.window_end.toordinal(),
        "claims": [
            {
                "validated": claim.validated,
                "completed": claim.completed_on.toordinal(),
                "submitted": claim.submitted_on.toordinal(),
                "valid": claim.valid_through.toordinal(),
                "credits": claim.credits,
            }
            for claim in standing.claims.values()
        ],
        "exams": [{"kind": exam.kind, "passed": exam.passed_on.toordinal()} for exam in standing.exams],
    }


def options(level):
    """Each option as kinds of parts of which there must be so many: what one part takes is not there for another."""
    for option in EDITION.options[level]:
        asked = [(("credits",), option.credits)] if option.credits else []
        taken = 0
        for part, number in option.exams:
            taken += number if part in ("core", "professional") else 0
            asked.append((KINDS_OF_PART.get(part, (part,)), taken if part == "professional" else number))
        yield asked


def conditions(level):
    """The same as text."""
    return [[f"{' + '.join(kinds)} >= {number}" for kinds, number in asked] for asked in options(level)]


def today_alone(standing, cert):
    """The question that the other engines are asked, by the code of the rules."""
    claims = counting_claims(standing.claims.values(), cert, EDITION, TODAY)
    exams = counting_exams(standing.exams, cert, TODAY)
    return any(not match(option, claims, exams, ()).missing for option in EDITION.options[cert.level])


CLAIM_COUNTS = (
    "{0}.validated and {0}.completed > start and {0}.completed <= end and {0}.submitted <= end and {0}.valid >= today"
)


def zen_decisions():
    counting = CLAIM_COUNTS.format("#")
    expressions = [{"id": "credits", "key": "credits", "value": f"sum(map(filter(claims, {counting}), #.credits))"}]
    for kind in KINDS:
        value = f"len(filter(exams, #.kind == '{kind}' and #.passed > start and #.passed <= end))"
        expressions.append({"id": kind, "key": kind, "value": value})
    rules = [
        {"_id": f"{level}{n}", "when": f"level == '{level}' and " + " and ".join(asked), "met": str(n)}
        for level in LEVELS
        for n, asked in enumerate(conditions(level))
    ]
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {
                "id": "counts",
                "type": "expressionNode",
                "name": "counts",
                "content": {"expressions": expressions, "passThrough": True},
            },
            {
                "id": "table",
                "type": "decisionTableNode",
                "name": "table",
                "content": {
                    "hitPolicy": "first",
                    "inputs": [{"id": "when", "name": "when"}],
                    "outputs": [{"id": "met", "field": "met", "name": "met"}],
                    "rules": rules,
                },
            },
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": f"{a}{b}", "sourceId": a, "targetId": b, "type": "edge"}
            for a, b in (("in", "counts"), ("counts", "table"), ("table", "out"))
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    return lambda numbers: decision.evaluate(numbers)["result"].get("met") is not None


def cel_decisions():
    counting = CLAIM_COUNTS.format("c").replace(" and ", " && ")
    credits = compile(f"sum(claims.filter(c, {counting}).map(c, c.credits))")
    counts = {
        kind: compile(f"size(exams.filter(e, e.kind == '{kind}' && e.passed > start && e.passed <= end))")
        for kind in KINDS
    }
    choices = {
        level: compile(" || ".join(f"({' && '.join(asked)})" for asked in conditions(level))) for level in LEVELS
    }

    def decide(numbers):
        context = Context(variables=numbers)
        context.add_function("sum", sum)
        found = {"credits": credits.execute(context), **{kind: one.execute(context) for kind, one in counts.items()}}
        return choices[numbers["level"]].execute(found)

    return decide


def loop():
    """A fixed piece of work, by which one machine's speed is told from another's."""
    started = process_time()
    total = 0
    for n in range(300_000):
        total += n * n % 7
    return process_time() - started


def cpu(act, arguments, least_seconds=0.25):
    """Seconds of processor time for each argument, the best of several rounds."""
    best, spent = float("inf"), 0.0
    while spent < least_seconds:
        started = process_time()
        for argument in arguments:
            act(argument)
        took = process_time() - started
        best, spent = min(best, took / len(arguments)), spent + took
    return best


def journal(number, facts_each):
    """As many facts as a holder's journal has, each with its day, in the form in which they are kept."""
    day, kept = date(2021, 3, 1), []
    standing = Standing(RULES)

    def take(fact):
        kept.append((day, facts.to_dict(standing.record(fact, day))))

    take(facts.TermsAccepted("1"))
    for level in LEVELS:
        take(facts.CertificationAwarded(f"{level}-{number % 7}", level, day))
    while len(kept) < facts_each:
        n, day = len(kept), day + timedelta(days=9)
        if n % 12 == 11:
            take(facts.ExamPassed(f"exam-{n}", "concentration", day))
            continue
        started, ended = day - timedelta(days=8), day - timedelta(days=4)
        about = ("acme", f"C{n}", "1.0", "ann@example.com", started, ended)
        if n % 2:
            claimed = (f"c{n}", "ann@example.com", f"C{n}", "1.0", "activity", "acme", started, ended)
            fact = facts.ClaimSubmitted(*claimed, title=f"Course {n}", credits=4)
            standing.apply(fact, day)
            kept.append((day, facts.to_dict(fact)))
        take(facts.CompletionReported(*about, "completed"))
    return kept[:facts_each]


def replay(kept):
    standing = Standing(RULES)
    for day, fact in kept:
        standing.advance(day)
        standing.apply(facts.from_dict(fact), day)


holders = [holder(number) for number in range(300)]
numbers = [[as_numbers(one, level) for level in LEVELS] for one in holders]
zen_decides, cel_decides = zen_decisions(), cel_decisions()
answers = [[criteria_met(one, cert) is not None for cert in one.certifications.values()] for one in holders]
assert answers == [[zen_decides(given) for given in of_one] for of_one in numbers]
assert answers == [[cel_decides(given) for given in of_one] for of_one in numbers]
fisca_decides = fisca.decisions(LEVELS, {level: list(options(level)) for level in LEVELS}, KINDS)
together = list(chain.from_iterable(numbers))
assert list(chain.from_iterable(answers)) == fisca_decides(together)
assert answers == [[today_alone(one, cert) for cert in one.certifications.values()] for one in holders]
assert 0.2 < sum(map(sum, answers)) / (3 * len(holders)) < 0.9

journals = [journal(number, 40) for number in range(50)]
acts = {
    "plain": (lambda one: [criteria_met(one, cert) for cert in one.certifications.values()], holders),
    "explained": (lambda one: [views.progress(one, track) for track in one.certifications], holders),
    "today": (lambda one: [today_alone(one, cert) for cert in one.certifications.values()], holders),
    "openfisca": (fisca_decides, numbers[:20]),
    "openfisca_together": (fisca_decides, [together]),
    "zen": (lambda of_one: [zen_decides(given) for given in of_one], numbers),
    "cel": (lambda of_one: [cel_decides(given) for given in of_one], numbers),
    "replay": (replay, journals),
    "replay_short": (replay, [kept[:10] for kept in journals]),
}
# In turns, so that a machine that is slower for a while is slower for all.
rounds = [{"loop": loop(), **{name: cpu(*act) for name, act in acts.items()}} for _ in range(ROUNDS)]
answer = {name: min(one[name] for one in rounds) for name in rounds[0]}
answer["openfisca_together"] /= len(numbers)
print(json.dumps(answer))
