"""What operators announce on every holder's dashboard."""

import ledger
from api import answers
from api.problems import bad_input, not_found
from api.requests import Request
from api.routes import Reply, Who, route

from functions.administer.models import AnnouncementKept, Announcements


@route("GET /admin/announcements", who=Who.OPERATOR, gives={200: Announcements})
def list_announcements(request: Request[None]) -> Reply:
    """Every announcement, also those not shown yet or any more, the one shown last first."""
    return Reply({"announcements": list(map(vars, ledger.list_announcements()))})


@route(
    "PUT /admin/announcements/{announcement}",
    who=Who.OPERATOR,
    given=AnnouncementKept,
    gives={200: answers.Announcement, 201: answers.Announcement},
)
def keep_announcement(request: Request[AnnouncementKept]) -> Reply:
    """Keep an announcement as given, in place of what was kept of it."""
    given = request.given
    name, shown_from = request.new_id("announcement"), given.shown_from or request.today
    if given.shown_until and given.shown_until < shown_from:
        raise bad_input([("shown_until", f"must not be before shown_from, {shown_from}")])
    announcement = ledger.Announcement(name, given.text, shown_from, given.shown_until)
    created = ledger.put_announcement(announcement)
    return Reply(vars(announcement), 201 if created else 200)


@route("DELETE /admin/announcements/{announcement}", who=Who.OPERATOR, gives={200: answers.Announcement})
def remove_announcement(request: Request[None]) -> Reply:
    """Remove an announcement; gives what it was."""
    removed = ledger.delete_announcement(request.id("announcement"))
    if removed is None:
        raise not_found("such announcement")
    return Reply(vars(removed))
