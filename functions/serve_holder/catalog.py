"""The catalog as holders see it: searched, filtered, and one course at a time (item-catalog)."""

from bisect import bisect_right
from collections import Counter
from itertools import chain

import ledger
from api import answers
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, route
from policy.catalog import Course

from functions.serve_holder.models import CatalogFilters, CatalogQuery, Courses, FiltersQuery


@route("GET /catalog", given=CatalogQuery, gives={200: Courses})
def list_courses(request: Request[CatalogQuery]) -> Reply:
    """The courses that `q` may mean, best first; without it all, by title. Those not available today come last."""
    # Other readings need no index.
    from functions.serve_holder.search import search
    from functions.serve_holder.search_index import fold, index_of

    query, index = request.given, index_of(ledger.all_courses())

    def position(found: tuple[int, int]) -> list[int | str]:
        rank, place = found
        course = index.courses[place]
        return [rank, fold(course.title), course.course]

    def suits(course: Course) -> bool:
        offering = _providers(course, query.item_type)
        return query.provider in offering if query.provider else bool(offering)

    found = search(index, query.q, request.today, suits if query.item_type or query.provider else None)
    last = request.position(query.cursor)
    start = bisect_right(found, last, key=position) if last else 0
    page = found[start : start + query.limit]
    cursor = request.cursor(position(page[-1])) if len(found) > start + len(page) else None
    return Reply({"items": [answers.course(index.courses[place]) for _, place in page], "next_cursor": cursor})


@route("GET /catalog-filters", given=FiltersQuery, gives={200: CatalogFilters})
def list_filters(request: Request[FiltersQuery]) -> Reply:
    """What the catalog can be filtered by: every item type, and the providers, by name, who offer courses in one of them."""
    names = {provider.provider: provider.name for provider in ledger.list_providers()}
    courses = ledger.all_courses().values()
    item_types = Counter(chain.from_iterable(course.item_types for course in courses))
    providers = Counter(chain.from_iterable(_providers(course, request.given.item_type) for course in courses))
    listed = [
        {"provider": provider, "name": names.get(provider, provider), "courses": number}
        for provider, number in providers.items()
    ]
    listed.sort(key=lambda line: (str(line["name"]).casefold(), line["provider"]))
    return Reply({"item_types": dict(sorted(item_types.items())), "providers": listed})


@route("GET /catalog/{course}", gives={200: answers.Course})
def get_course(request: Request[None]) -> Reply:
    """One course."""
    course = ledger.get_course(request.id("course"))
    if course is None:
        raise not_found("such course")
    return Reply(answers.course(course))


def _providers(course: Course, item_type: str | None) -> set[str]:
    """Who offers a course, in an item type or in any."""
    return set(course.item_types.get(item_type, ()) if item_type else chain.from_iterable(course.item_types.values()))
