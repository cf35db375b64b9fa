"""Who calls: read from the claims of the token that the gateway has checked, and from nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.problems import Problem

# A list as it is, "[a b]" as HTTP APIs pass it on, or "a,b".
_GROUP = re.compile(r"[^\s,\[\]\"]+")
_PROVIDER, _PARTNER = "provider:", "partner-admin:"


@dataclass(frozen=True)
class Caller:
    """account: the e-mail address, lower-cased; groups: such as `operator`."""

    account: str
    groups: frozenset[str]

    @property
    def operator(self) -> bool:
        return "operator" in self.groups

    @property
    def providers(self) -> frozenset[str]:
        """The providers for which the caller may act: groups `provider:ID`."""
        return self._named(_PROVIDER)

    @property
    def administers(self) -> frozenset[str]:
        """The partners that the caller administers: groups `partner-admin:ID`."""
        return self._named(_PARTNER)

    @property
    def account_manager(self) -> bool:
        """Whether the caller may be assigned to partners; to which ones the operators keep."""
        return "account-manager" in self.groups

    def _named(self, kind: str) -> frozenset[str]:
        return frozenset(group.removeprefix(kind) for group in self.groups if group.startswith(kind))


# As long as an e-mail address can be (RFC 5321).
ACCOUNT_CHARS_MAX = 254
NOBODY = Caller("", frozenset())


def caller(event: Mapping[str, Any]) -> Caller:
    """Who an HTTP API event (payload 2.0) comes from; Problem 401 or 403 where that is not certain."""
    try:
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    except (KeyError, TypeError):
        raise Problem(401, "not-signed-in", "Sign in, and send the token with the request.") from None
    email, verified = claims.get("email"), claims.get("email_verified")
    # HTTP APIs pass every claim on as text.
    an_address = isinstance(email, str) and "@" in email and len(email) <= ACCOUNT_CHARS_MAX
    if not an_address or not (verified is True or verified == "true"):
        raise Problem(403, "email-not-verified", "The token names no verified e-mail address.")
    account = email.lower()
    if account.isascii() and not email.isascii():
        # The Kelvin sign in lower case is the letter k: another's address.
        raise Problem(403, "email-not-verified", "The token's e-mail address cannot be told from another.")
    return Caller(account, _groups(claims.get("cognito:groups")) | _groups(claims.get("groups")))


def _groups(value: Any) -> frozenset[str]:
    if isinstance(value, list):
        return frozenset(group for group in value if isinstance(group, str))
    return frozenset(_GROUP.findall(value)) if isinstance(value, str) else frozenset()
