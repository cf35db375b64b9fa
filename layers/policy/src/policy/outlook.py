"""What time alone will bring for a certification: what is left of its options on each day, and what may be claimed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from policy import views
from policy.acceptance import eligible_certifications
from policy.dates import NEVER, ONE_DAY, add_years, gain_day
from policy.program import Edition
from policy.recertification import counting_claims, gain_days, options
from policy.standing import Standing
from policy.state import PENDING, Certification

Parts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Stretch:
    """Days on which the same is left and the same may be claimed.

    left: the options (place in the edition's order, parts) with what they still need; none on days before the window
    or the gain day. claiming: some certification is eligible, so that claims are accepted. claimed: courses that would
    be refused as claimed already; counted: those whose credits count, or will if a pending claim is earned. enough:
    so many credits alone would recertify something that renews this certification with it.
    """

    first: date
    last: date
    edition: Edition
    left: tuple[tuple[int, Parts, Mapping[str, int]], ...]
    claiming: bool
    claimed: frozenset[str]
    counted: frozenset[str]
    enough: int | None

    def claimed_on(self, start: date, until: date) -> date | None:
        """The first day here on which a course can be claimed that is completed in a span of days, here or before."""
        day, limit = max(self.first, start), self.edition.claim_window_days
        in_time = limit is None or day <= until + timedelta(days=limit)
        return day if self.claiming and day <= self.last and in_time else None


@dataclass(frozen=True)
class Outlook:
    """moved_on: the day on which time alone renews the certification; it is planned for the days before it."""

    stretches: tuple[Stretch, ...]
    moved_on: date | None
    expires_on: date


def last_day(standing: Standing, cert: Certification) -> date:
    """The last day that a plan may reach: of the window, before the retirement of the track.

    Where a window has no end (emeritus): the last on which credits earned today are valid.
    """
    last = min(cert.window_end, cert.retired_on - ONE_DAY)
    return min(last, add_years(standing.today, standing.program.validity_years)) if cert.emeritus else last


def look_ahead(standing: Standing, track: str, through: date) -> Outlook:
    """What the days from today through another hold if nothing happens but the passing of time."""
    future = standing.copy()
    cert = future.certifications[track]
    began, expires_on = cert.cycle_start, cert.expires_on
    stretches: list[Stretch] = []
    day = standing.today
    while day <= through:
        future.advance(day)
        if cert.cycle_start != began:
            return Outlook(tuple(stretches), day, cert.expires_on)
        end = min(turn for turn in (*_turns(future), through + ONE_DAY) if turn > day) - ONE_DAY
        stretch = _stretch(future, cert, day, end)
        if stretches and replace(stretches[-1], first=day, last=end) == stretch:
            stretches[-1] = replace(stretches[-1], last=end)
        else:
            stretches.append(stretch)
        day = end + ONE_DAY
    return Outlook(tuple(stretches), None, expires_on)


def _turns(future: Standing) -> Iterator[date]:
    """The days on which time alone may change a stretch; not those on which spent claims lapse, which may be many."""
    certs = future.certifications.values()
    yield from (start for start, _, _ in future.program.spans)
    for cert in certs:
        yield from (cert.cycle_start + ONE_DAY, cert.retired_on)
        if cert.window_end < NEVER:
            yield cert.window_end + ONE_DAY
        yield from gain_days(future, cert)
    for claim in future.claims.values():
        if any(cert.holds(claim.completed_on) for cert in certs):
            yield claim.valid_through + ONE_DAY


def _stretch(future: Standing, cert: Certification, first: date, last: date) -> Stretch:
    edition = future.program.edition(first)
    counting = counting_claims(future.claims.values(), cert, edition, first)
    hoped = (claim for claim in future.claims.values() if claim.status == PENDING and cert.holds(claim.completed_on))
    order = {_parts(option.parts): place for place, option in enumerate(options(cert, edition))}
    return Stretch(
        first=first,
        last=last,
        edition=edition,
        left=tuple((order[_parts(parts)], _parts(parts), missing) for parts, missing in _left(future, cert)),
        claiming=bool(_open(future)),
        claimed=_claimed(future),
        counted=frozenset(claim.course for claim in (*counting, *hoped)),
        enough=min(_alone(future, cert), default=None),
    )


def _parts(parts: Mapping[str, int]) -> Parts:
    return tuple(parts.items())


def _left(future: Standing, cert: Certification) -> list[tuple[dict[str, int], dict[str, int]]]:
    edition = future.program.edition(future.today)
    if not cert.holds(future.today) or future.today < gain_day(cert.expires_on, edition.term_years[cert.level]):
        return []
    return views.uncovered(views.options_left(future, cert))


def _open(future: Standing) -> list[Certification]:
    """The eligible certifications whose window holds a course completed today."""
    return [cert for cert in eligible_certifications(future) if cert.holds(future.today)]


def _claimed(future: Standing) -> frozenset[str]:
    """The courses that would be refused if completed and claimed today (duplicate-course)."""
    rank = future.program.rank
    windows = _open(future)
    highest = max((rank[cert.level] for cert in windows), default=0)
    return frozenset(
        claim.course
        for claim in future.claims.values()
        if claim.live and any(rank[cert.level] == highest and cert.holds(claim.completed_on) for cert in windows)
    )


def _alone(future: Standing, cert: Certification) -> Iterator[int]:
    rank = future.program.rank
    for other in future.certifications.values():
        if other is cert or (cert.emeritus is None and rank[other.level] >= rank[cert.level]):
            for _, missing in _left(future, other):
                if missing.keys() == {"credits"}:
                    yield missing["credits"]
