"""The catalog as holders see it."""

import ledger
from api import answers
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, route
from policy import catalog

from functions.serve_holder.models import CatalogQuery, Courses
from functions.serve_holder.reading import spelled

PAGE = 100
# A rare match is looked for in so many pages; the client goes on from there with the cursor.
PAGES_MAX = 10


@route("GET /catalog", given=CatalogQuery, gives={200: Courses})
def list_courses(request: Request[CatalogQuery]) -> Reply:
    """Courses by id. A page may hold fewer than `limit` and yet not be the last: `next_cursor` tells."""
    query = request.given
    start, after = request.position(query.cursor) or (None, "")
    found: list[catalog.Course] = []
    for _ in range(PAGES_MAX):
        page = ledger.list_courses(limit=PAGE, cursor=start)
        for course in page.items:
            if course.course <= after or not _matches(course, query):
                continue
            if len(found) == query.limit:
                return _page(found, request.cursor([start, found[-1].course]))
            found.append(course)
        start = page.cursor
        if start is None:
            return _page(found, None)
    return _page(found, request.cursor([start, ""]))


@route("GET /catalog/{course}", gives={200: answers.Course})
def get_course(request: Request[None]) -> Reply:
    """One course."""
    course = ledger.get_course(request.id("course"))
    if course is None:
        raise not_found("such course")
    return Reply(answers.course(course))


def _page(found: list[catalog.Course], cursor: str | None) -> Reply:
    return Reply({"items": [answers.course(course) for course in found], "next_cursor": cursor})


def _matches(course: catalog.Course, query: CatalogQuery) -> bool:
    """Whether a course is spelled so and offered so: by the provider, in the item type, or both at once."""
    offers = [
        (item_type, provider)
        for item_type, providers in course.item_types.items()
        for provider in providers
        if query.item_type in (None, item_type) and query.provider in (None, provider)
    ]
    unfiltered = query.item_type is None and query.provider is None
    return bool(offers or unfiltered) and spelled(query.q, course.course, course.title)
