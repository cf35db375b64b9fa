"""A partner through the deployed stack: real groups, the gateway's routes, a proof in the store, each function's own role."""

import urllib.request
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from local.web import Client
from tests.local.test_certificates import PDF, fetch, upload

TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def clients(sampled):
    """Of everybody known. With the sample program, which is recorded for days before the program is changed here."""
    users = sampled.description["users"].items()
    return {name: Client(sampled.description["api"], user["token"]) for name, user in users}


@pytest.fixture(scope="module")
def administrator(stack, clients, administrator_of):
    """The administrator of a partner of its own: {partner, client}."""
    partner = f"partner-{uuid.uuid4().hex[:8]}"
    manager = stack.description["users"]["account_manager"]["account"]
    kept = {"name": "Tailspin", "account_managers": [manager], "contacts": []}
    clients["operator"].must("PUT", f"/admin/partners/{partner}", kept)
    return administrator_of(partner)


@pytest.fixture(scope="module")
def partner(administrator):
    """The partner's path."""
    return f"/partners/{administrator['partner']}"


@pytest.fixture(scope="module")
def express(partner):
    return f"{partner}/specializations/express-networking"


@pytest.fixture(scope="module")
def individual(clients, administrator, partner, express):
    """Somebody of the partner's who fills both roles of what it applied for."""
    operator, administrator = clients["operator"], administrator["client"]
    holder = f"holder-{uuid.uuid4().hex[:8]}"
    operator.must("PUT", f"/admin/holders/{holder}", {"accounts": [f"{holder}@example.com"], "name": "=1+1"})
    exam = {"exam": "700-505", "kind": "specialist", "passed_on": str(TODAY)}
    operator.must("POST", f"/admin/holders/{holder}/exams", exam)
    award = {"certification": "ccnp-enterprise", "level": "professional"}
    operator.must("POST", f"/admin/holders/{holder}/certifications", award)
    administrator.must("POST", f"{partner}/individuals", {"account": f"{holder}@example.com"})
    for role in ("am", "fe"):
        administrator.must("PUT", f"{express}/roles/{role}", {"individual": holder})
    administrator.must("POST", f"{partner}/applications", {"specialization": "express-networking"}, key=holder)
    return holder


def test_an_administrator_records_an_attendance_with_proof(administrator, partner, individual):
    administrator = administrator["client"]
    place = administrator.must("POST", f"{partner}/proofs")
    assert upload(place["upload"], PDF) == (204, None)
    attended = {
        "individual": individual,
        "item": "CONFERENCE",
        "specialization": "express-networking",
        "completed_on": str(TODAY - timedelta(days=1)),
        "proof_key": place["proof_key"],
    }
    assert administrator.must("POST", f"{partner}/activities", attended)["points"] == 20
    refused = administrator.call("POST", f"{partner}/activities", {**attended, "proof_key": "x/y"})
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "proof_key")


def test_an_account_manager_sees_and_changes_nothing(clients, partner, express, individual):
    manager = clients["account_manager"]
    (line,) = [line for line in manager.must("GET", "/partners")["items"] if partner.endswith(line["partner"])]
    assert line["administrator"] is False
    assert line["specializations"][0]["status"] == "approved"
    roles = manager.must("GET", express)["roles"]
    assert {role["individual"] for role in roles} == {individual}
    assert manager.call("DELETE", f"{partner}/individuals/{individual}").status == 403
    assert clients["operator"].call("GET", express).status == 403
    assert clients["holder"].call("GET", express).status == 403


@pytest.mark.usefixtures("individual")
def test_the_report_comes_as_a_file_through_the_gateway(clients, administrator, express):
    manager = clients["account_manager"]
    headers = {"authorization": f"Bearer {manager.token}", "accept": "text/csv"}
    status, headers, content = fetch(urllib.request.Request(f"{manager.api}{express}/points", headers=headers))
    assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
    name = f"points-{administrator['partner']}-express-networking-{TODAY}.csv"
    assert headers["content-disposition"] == f'attachment; filename="{name}"'
    assert content.decode().splitlines()[0] == '"individual","name","item","completed_on","points"'


def test_operators_keep_the_program(clients):
    operator = clients["operator"]
    item = f"ITEM-{uuid.uuid4().hex[:8]}"
    assert operator.must("PUT", f"/admin/items/{item}", {"minutes": 61})["worth"] == 2
    library = {"library": [item], "mandatory": []}
    operator.must("PUT", "/admin/specializations/unified-fabric/library", library)
    shown = operator.must("GET", "/admin/learning")["specializations"]
    assert [line["library"] for line in shown if line["specialization"] == "unified-fabric"] == [[item]]
