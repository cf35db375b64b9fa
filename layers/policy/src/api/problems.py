"""Errors as HTTP answers (RFC 9457): the one place that says which error is which status."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from ledger.errors import (
    AccountInUse,
    AccountNotLinked,
    AccountTaken,
    Busy,
    CatalogFull,
    EntryTooLarge,
    FactConflict,
)
from policy import FormError, Refused
from policy.errors import plain
from typing_extensions import TypedDict

# As many faults of one request as are listed, and as much of a field's name as is repeated.
ERRORS_MAX = 100
FIELD_CHARS_MAX = 100

# Rules by which something stands in the way that is there already.
CONFLICTS = ("duplicate-course", "cases")


class Fault(TypedDict):
    """A field at fault, dots between the parts of a nested one."""

    field: str
    message: str


class Problem(Exception):
    """An answer that is not what was asked for.

    type: names the kind of problem, a rule's id where a rule decided; rule, facts: that rule, and what it rests on.
    """

    def __init__(
        self,
        status: int,
        type: str,  # noqa: A002 - its name in RFC 9457
        detail: str,
        *,
        rule: str | None = None,
        facts: Mapping[str, Any] | None = None,
        errors: list[Fault] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(type)
        self.status, self.headers = status, dict(headers or {})
        self.body = {
            "type": f"/problems/{type}",
            "title": type.replace("-", " ").capitalize(),
            "status": status,
            "detail": detail,
            "rule": rule,
            "facts": facts,
            "errors": errors,
        }
        self.body = {name: value for name, value in self.body.items() if value is not None}


def bad_input(faults: Iterable[tuple[str, str]]) -> Problem:
    """400, with each field at fault and what is wrong with it."""
    detail = "The request cannot be read as it stands; see errors."
    return Problem(400, "bad-input", detail, errors=listed(faults, ERRORS_MAX))


def listed(faults: Iterable[tuple[str, str]], most: int) -> list[Fault]:
    """Faults as `errors` lists them."""
    # A name comes from the client and may hold half a surrogate pair.
    return [{"field": _printable(field), "message": message} for field, message in islice(faults, most)]


def not_found(what: str) -> Problem:
    """404, also for what is another's: as if it did not exist."""
    return Problem(404, "not-found", f"There is no {what}.")


def partner_visibility(detail: str) -> Problem:
    """403 for what a partner's administrators and account managers alone may see, or administrators alone may do."""
    return Problem(403, "partner-visibility", detail, rule="partner-visibility")


def of(error: Exception) -> Problem:
    """The answer to an error; 500 for one that nobody expects."""
    match error:
        case Problem():
            return error
        case Refused():
            status = 409 if error.rule in CONFLICTS else 422
            facts: Any = plain(error.facts)
            return Problem(status, error.rule, error.detail, rule=error.rule, facts=facts)
        case FormError():
            return bad_input([(error.key, error.reason)])
        case FactConflict():
            rule, detail = "idempotency-key-reused", f"{error.id} was used before, with other content."
            return Problem(422, rule, detail, rule=rule)
        case AccountNotLinked():
            rule, detail = "account-not-linked", "Your account belongs to no holder; an operator links it."
            return Problem(403, rule, detail, rule=rule)
        case AccountTaken():
            detail = "The account belongs to another holder."
            return Problem(409, "account-taken", detail, facts={"account": error.account, "holder": error.holder})
        case AccountInUse():
            detail = "The account has claims or reports and stays with its holder."
            return Problem(409, "account-in-use", detail, facts={"account": error.account})
        case EntryTooLarge():
            detail = "Too much becomes known at once; link fewer accounts at a time."
            return Problem(422, "entry-too-large", detail, facts={"size_bytes": error.size_bytes})
        case CatalogFull():
            detail = "The catalog has no room for so much about a course; give it fewer versions and providers."
            return Problem(422, "catalog-full", detail, facts={"size_bytes": error.size_bytes})
        case Busy():
            return Problem(503, "busy", "Too much at once; try again.", headers={"retry-after": "1"})
    return Problem(500, "internal-error", "Something went wrong here; it is recorded under the request's id.")


def _printable(field: str) -> str:
    return field[:FIELD_CHARS_MAX].encode(errors="replace").decode()
