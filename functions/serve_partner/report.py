"""Who earned what for a specialization (report)."""

from api.fields import AsOfQuery
from api.requests import Request
from api.routes import Reply, Who, route
from policy.partners import views

from functions.serve_partner import report_file
from functions.serve_partner.access import names_of, partner_of, specialization_of, standing_of
from functions.serve_partner.models import PointsReport


@route(
    "GET /partners/{partner}/specializations/{specialization}/points",
    who=Who.PARTNER,
    given=AsOfQuery,
    gives={200: PointsReport},
    offers={report_file.MEDIA: report_file.write},
)
def show_points(request: Request[AsOfQuery]) -> Reply:
    """Every activity that counts in the present window: of current employees, and of previous ones, whose points stay.

    With `as_of`, that of an earlier day: such as the report of a year that has ended.

    As `text/csv` (UTF-8, RFC 4180), which `Accept` asks for, it has the columns individual, name, item, completed_on and
    points, and a line `Previous employees` before theirs. What a spreadsheet would run as a formula has an apostrophe
    before it.
    """
    partner, name = partner_of(request).partner, specialization_of(request)
    standing = standing_of(request, partner, request.given.as_of)
    shown, lines = views.detail(standing, name), views.report(standing, name)
    names = names_of(standing, lines)
    earned: dict[str, list[object]] = {views.CURRENT: [], views.PREVIOUS: []}
    for line in lines:
        employee = line.pop("employee")
        earned[employee].append({**line, "name": names.get(line["individual"])})
    about = {"partner": partner, "specialization": name, "as_of": standing.today}
    return Reply({**about, **{key: shown[key] for key in ("window", "points", "required")}, **earned})
