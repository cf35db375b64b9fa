"""Courses and providers as operators keep them."""

import ledger
from api import answers
from api.requests import Request
from api.routes import Reply, Who, route
from policy.catalog import Course, Version

from functions.administer.models import CourseKept, Provider, ProviderKept


@route(
    "PUT /admin/catalog/{course}",
    who=Who.OPERATOR,
    given=CourseKept,
    gives={200: answers.Course, 201: answers.Course},
)
def keep_course(request: Request[CourseKept]) -> Reply:
    """Keep a course as given, in place of what was kept of it. Claims submitted before keep their credits."""
    given = request.given
    versions = {
        version.version: Version(version.credits, version.available_from, version.available_until)
        for version in given.versions
    }
    offered = {item_type: tuple(dict.fromkeys(providers)) for item_type, providers in given.item_types.items()}
    course = Course(request.new_id("course"), given.title, versions, offered)
    created = ledger.put_course(course)
    return Reply(answers.course(course), 201 if created else 200)


@route("PUT /admin/providers/{provider}", who=Who.OPERATOR, given=ProviderKept, gives={200: Provider, 201: Provider})
def keep_provider(request: Request[ProviderKept]) -> Reply:
    """Keep a provider, and who may send for it, in place of what was kept of it."""
    provider = ledger.Provider(request.new_id("provider"), request.given.name, tuple(request.given.senders))
    created = ledger.put_provider(provider)
    return Reply(vars(provider), 201 if created else 200)
