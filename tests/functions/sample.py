"""A course, a claim for it, and holders who may submit it."""

from datetime import date
from typing import Any

from tests.functions.http import OPERATOR, Answer, Client, signed_in

AWARDED = date(2021, 1, 29)
ENCOR: dict[str, Any] = {
    "title": "Implementing Enterprise Network Core Technologies",
    "versions": [{"version": "1.0", "credits": 64, "available_until": "2022-06-30"}, {"version": "1.2", "credits": 64}],
    "item_types": {"instructor-led-training": ["acme", "globex"], "direct-delivery": ["vendor"]},
}
CLAIM: dict[str, Any] = {
    "course": "ENCOR",
    "version": "1.2",
    "item_type": "instructor-led-training",
    "provider": "acme",
    "started_on": "2021-02-15",
    "completed_on": "2021-02-19",
}
TRACK = "ccie-enterprise"


def keep_course(course: str, on: date = AWARDED, **changes: Any) -> Answer:
    """Put a course like ENCOR into the catalog."""
    return OPERATOR.put(f"/admin/catalog/{course}", {**ENCOR, **changes}, on=on)


def keep_holder(holder: str, *accounts: str, level: str = "expert", track: str = TRACK, on: date = AWARDED) -> Client:
    """A holder who has accepted the terms and may claim; "ann" has ann@example.com if no accounts are named."""
    emails = list(accounts) or [f"{holder}@example.com"]
    assert OPERATOR.put(f"/admin/holders/{holder}", {"accounts": emails, "name": holder.title()}, on=on).status == 201
    award = {"certification": track, "level": level}
    assert OPERATOR.post(f"/admin/holders/{holder}/certifications", award, on=on).status == 201
    client = signed_in(emails[0])
    assert client.put("/enrollment", {"terms_version": "2021-01"}, on=on).status == 200
    return client
