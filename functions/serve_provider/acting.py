"""For which provider a caller acts, where it may be one of several."""

from api.identity import Caller
from api.problems import Problem, bad_input


def provider_of(caller: Caller, named: str | None) -> str:
    """The provider that is named, or the only one for which the caller acts. Problem 400 or 403 otherwise."""
    if named is None:
        if len(caller.providers) > 1:
            raise bad_input([("provider", f"is needed: you act for {', '.join(sorted(caller.providers))}")])
        (named,) = caller.providers
    if named not in caller.providers:
        raise Problem(403, "other-provider", f"You do not act for the provider {named}.")
    return named
