"""Who sent a message, as the queue says and nobody can feign."""

import os
import re

from api.reports import roster_source
from ledger import Provider


def may_send(sender_id: str, provider: Provider) -> bool:
    """Whether a message's SenderId is one of a provider's registered senders.

    SQS gives the unique id of the principal: `AIDA...` for a user; `AROA...:session` for a role, of which the role's id
    is registered, since sessions come and go (`aws iam get-role` tells it as RoleId); the account id for an account's
    root user, and before the colon for a federated one; the ARN of a root user says the same as the account id. It
    never gives an ARN, but queues that stand in for SQS may.
    """
    principal = sender_id if sender_id.startswith("arn:") else sender_id.partition(":")[0]
    accounts = {sender.split(":")[4] for sender in provider.senders if _ROOT.fullmatch(sender)}
    return not {sender_id, principal}.isdisjoint({*provider.senders, *accounts})


def takes_rosters(sender_id: str) -> bool:
    """Whether a message comes from the stack's own function that takes rosters, by the id of that function's role.

    Such a message may be for any provider: the function has made sure that its caller acts for this one.
    """
    return bool(sender_id) and sender_id.partition(":")[0] == os.environ.get("ROSTER_SENDER_ID")


def may_name(source: str, provider: str) -> bool:
    """Whether a provider's message may name a source. Those of rosters and statements are each provider's own.

    Otherwise another could use up their ids, which anybody can guess, before they come.
    """
    ours = _OF_A_PROVIDER.fullmatch(source)
    return ours is None or provider in ours.groups()


_ROOT = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:root")
_OF_A_PROVIDER = re.compile(rf"{roster_source('(.*)')}|xapi:(.*)")
