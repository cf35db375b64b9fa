"""Events that are told by e-mail.

Holders: a certification is about to expire, a claim is overdue. Partners: a specialization is to be renewed, was
renewed by the program itself, or is lost.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import ledger
from api import clock
from api.observability import count, logger, observed
from api.records import each_record
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from ledger import mail

from functions.send_reminders import letters, partner_letters, post
from functions.send_reminders.letters import Letter


@observed
def lambda_handler(event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    return each_record(event, _take)


def _take(message: SQSRecord) -> None:
    """Tell each address that an event concerns, once. What fails stays on the queue, and whoever was told is not again."""
    event = json.loads(message.body)["detail"]
    kind = "partner" if "partner" in event["data"] else "holder"
    owner = event["data"][kind]
    with logger.append_context_keys(event_id=event["id"], **{kind: owner}):
        addresses, letter = _to_partner(event, owner) if kind == "partner" else _to_holder(event, owner)
        for address in addresses:
            _tell(event["id"], address, letter)


def _to_holder(event: Mapping[str, Any], holder: str) -> tuple[Sequence[str], Letter | None]:
    loaded = ledger.load(holder, consistent=True)
    loaded.standing.advance(clock.day_of(clock.now()))
    return letters.accounts(event, loaded), letters.letter(event, loaded.standing)


def _to_partner(event: Mapping[str, Any], partner: str) -> tuple[Sequence[str], Letter | None]:
    kept = ledger.get_partner(partner)
    if kept is None or not kept.contacts:
        logger.warning("a partner without contacts")
        return (), None
    standing = ledger.partner_on(partner, clock.day_of(clock.now()))
    return kept.contacts, partner_letters.letter(event, standing, kept.name)


def _tell(event_id: str, address: str, letter: Letter | None) -> None:
    lease = mail.lease(event_id, address, clock.now())
    if lease is None:
        logger.info("told before")
        return
    outcome: mail.Outcome = "needless"
    detail = None
    if letter is not None:
        try:
            outcome, detail = "sent", post.send(address, letter, event_id)
        except post.Undeliverable as error:
            outcome, detail = "refused", str(error)
            logger.warning("the mail service refuses for good", reason=detail)
        except Exception:
            mail.release(event_id, address, lease)
            raise
    mail.finish(event_id, address, outcome, clock.now(), detail)
    logger.info("done with", outcome=outcome)
    count(f"Reminders{outcome.title()}")
