"""The catalog as holders see it: searched, filtered, and one course at a time (item-catalog)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

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
        return any(_offers(course, query.item_type, query.provider))

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
    item_types: Counter[str] = Counter()
    providers: Counter[str] = Counter()
    for course in ledger.all_courses().values():
        item_types.update(course.item_types.keys())
        providers.update({provider for _, provider in _offers(course, request.given.item_type, None)})
    listed = [
        {"provider": provider, "name": names.get(provider, provider), "courses": courses}
        for provider, courses in providers.items()
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


def _offers(course: Course, item_type: str | None, provider: str | None) -> Iterator[tuple[str, str]]:
    """In which item type who offers a course, as far as they are these."""
    for offered, by in course.item_types.items():
        if item_type in (None, offered):
            yield from ((offered, each) for each in by if provider in (None, each))
