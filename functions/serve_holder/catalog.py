"""The catalog as holders see it."""

import ledger
from api import answers
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, route
from policy import catalog

from functions.serve_holder.models import CatalogQuery, Courses
from functions.serve_holder.reading import spelled


@route("GET /catalog", given=CatalogQuery, gives={200: Courses})
def list_courses(request: Request[CatalogQuery]) -> Reply:
    """Courses by id."""
    query = request.given
    after = request.position(query.cursor) or ""
    left = [c for c in ledger.all_courses().values() if c.course > after and _matches(c, query)]
    page = left[: query.limit]
    cursor = request.cursor(page[-1].course) if len(left) > len(page) else None
    return Reply({"items": [answers.course(course) for course in page], "next_cursor": cursor})


@route("GET /catalog/{course}", gives={200: answers.Course})
def get_course(request: Request[None]) -> Reply:
    """One course."""
    course = ledger.get_course(request.id("course"))
    if course is None:
        raise not_found("such course")
    return Reply(answers.course(course))


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
