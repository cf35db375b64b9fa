"""Plans of random standings are what trying everything finds, and every way does what it says."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from policy import Refused, Standing, facts
from policy.catalog import Course, Version
from policy.plans import plan
from policy.ways import WAYS_MAX

from tests.policy import planned
from tests.policy.histories import EXAMS, RULES, SETTINGS, TRACKS

VALUES = (0, 5, 10, 15, 20, 20, 25, 30, 40, 45, 80, 120)
DAYS = (-400, -30, -1, 0, 1, 30, 31, 90, 365, 366, 500, 1000)
OFFERED = ({"activity": ("acme",)}, {"direct-delivery": ("vendor",)}, {"activity": ()}, {})


@st.composite
def _cases(draw: Callable[..., Any]) -> tuple[Standing, str, list[Course], date | None]:
    def one_of(values: Sequence[Any]) -> Any:
        return values[draw(st.integers(0, len(values) - 1))]

    today = one_of((date(2019, 11, 20), date(2021, 5, 10), date(2021, 5, 10), date(2024, 2, 29)))
    courses = []
    for number in range(one_of((1, 2, 3, 4, 5))):
        versions = {}
        for version in range(one_of((1, 1, 2))):
            start, until = (one_of((None, None, today + timedelta(days=one_of(DAYS)))) for _ in range(2))
            versions[str(version)] = Version(one_of(VALUES), start, until)
        courses.append(Course(f"C{number}", f"Course {number}", versions, one_of((OFFERED[0], *OFFERED))))

    began = today - timedelta(days=one_of((0, 1, 200, 800, 1080)))
    standing = Standing(RULES)
    standing.record(facts.TermsAccepted(), began - timedelta(days=900))
    tracks = [one_of((*TRACKS, "ccie", "ccnp")) for _ in range(one_of((1, 1, 2)))]
    for track in dict.fromkeys(tracks):
        cycle = began - timedelta(days=one_of((0, 0, 100, 500)))
        expires = max(today + timedelta(days=one_of((-30, 0, 40, 400, 800, 1095, 1500))), cycle)
        standing.record(facts.CertificationImported(track, TRACKS[track], cycle, expires), began)
    for number in range(one_of((0, 0, 1, 2, 3))):
        course = one_of(courses)
        completed = min(today, began + timedelta(days=one_of((1, 2, 3, 40, 300))))
        version = one_of(tuple(course.versions))
        claim = f"c{number}"
        if course.item_types and any(course.item_types.values()):
            try:
                standing.record(planned.fact(course, version, completed, claim), max(standing.today, completed), course)
            except Refused:
                continue
            if one_of((True, True, False)) and standing.claims[claim].status == "pending":
                standing.record(facts.ClaimDecided(claim, "earned"), standing.today)
    if one_of((True, False, False)):
        exam = one_of(tuple(EXAMS))
        standing.record(facts.ExamPassed(exam, EXAMS[exam], standing.today), standing.today)
    standing.advance(max(today, standing.today))
    return standing, tracks[0], courses, one_of((None, None, standing.today + timedelta(days=one_of((0, 50, 300)))))


@given(_cases())
@SETTINGS
def test_a_plan_lists_what_trying_everything_finds(case: tuple[Standing, str, list[Course], date | None]) -> None:
    standing, track, courses, by = case
    cert = standing.certifications[track]
    last = min(cert.window_end, cert.retired_on - planned.ONE_DAY)
    by = by and min(by, last)
    if last < standing.today:
        assert plan(standing, track, courses).ways == ()
        return
    found = plan(standing, track, courses, by)
    if found.met_on:
        future = standing.copy()
        future.advance(found.met_on)
        assert future.certifications[track].expires_on > cert.expires_on
        return
    wanted = planned.ways(standing, track, courses, by or last)
    listed = [planned.key_of(way) for way in found.ways]
    assert {key: way.from_day for key, way in zip(listed, found.ways, strict=True)}.items() <= {
        key: day for key, (_, day) in wanted.items()
    }.items()
    assert len(listed) == len(set(listed)) == min(WAYS_MAX, len(wanted))
    assert found.more is (len(wanted) > WAYS_MAX)

    measures = [wanted[key][0] for key in listed]
    assert measures == sorted(measures)
    best_of_option = {min((m, key) for key, (m, _) in wanted.items() if key[0] == option)[0] for option, _ in wanted}
    others = sorted([m for m, _ in wanted.values()])
    assert best_of_option <= set(measures)
    if not found.more:
        assert measures == others
    assert [way.rank for way in found.ways] == [sorted(set(measures)).index(m) + 1 for m in measures]


@given(_cases())
@SETTINGS
def test_a_way_played_through_the_engine_recertifies_when_it_says(
    case: tuple[Standing, str, list[Course], date | None],
) -> None:
    standing, track, courses, _ = case
    before = standing.copy()
    found = plan(standing, track, courses)
    assert vars(standing) == vars(before)
    for way in found.ways:
        played = planned.play(standing, way, courses)
        cert = played.certifications[track]
        assert cert.cycle_start == way.recertified_on
        assert cert.expires_on == way.expires_on
        assert way.from_day <= way.through <= found.by
        assert way.expires_on > standing.certifications[track].expires_on
