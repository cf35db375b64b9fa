"""What a holder reads and does, claims aside."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from api.handler import handler
from api.requests import Request
from api.routes import Reply, Who, route

from functions.serve_holder.calendar import show_calendar
from functions.serve_holder.cases import add_message, get_case, list_cases, open_case
from functions.serve_holder.catalog import get_course, list_courses, list_filters
from functions.serve_holder.certificates import prepare_upload, show_certificate
from functions.serve_holder.certifications import list_certifications, show_dashboard, show_history, show_progress
from functions.serve_holder.claims import get_claim, list_claims
from functions.serve_holder.enrollment import enroll, pay_fee
from functions.serve_holder.planning import plan_recertification, preview_claim


@cache
def _description() -> dict[str, Any]:
    description: dict[str, Any] = json.loads((Path(__file__).parent / "openapi.json").read_text(encoding="utf-8"))
    return description


@route("GET /openapi.json", who=Who.ANYONE, gives={200: dict[str, Any]})
def describe(request: Request[None]) -> Reply:
    """This description."""
    return Reply(_description())


ROUTES = (
    enroll,
    prepare_upload,
    show_dashboard,
    list_courses,
    get_course,
    list_filters,
    list_claims,
    get_claim,
    open_case,
    list_cases,
    get_case,
    add_message,
    show_certificate,
    list_certifications,
    show_progress,
    show_history,
    plan_recertification,
    preview_claim,
    show_calendar,
    pay_fee,
    describe,
)
lambda_handler = handler(ROUTES)
