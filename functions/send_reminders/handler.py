"""Events of which holders are told by e-mail: a certification is about to expire, a claim is overdue."""

import json
from collections.abc import Mapping
from typing import Any

import ledger
from api import clock
from api.observability import count, logger, observed
from api.records import each_record
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from ledger import mail

from functions.send_reminders import letters, post
from functions.send_reminders.letters import Letter


@observed
def lambda_handler(event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    return each_record(event, _take)


def _take(message: SQSRecord) -> None:
    """Tell each account that an event concerns, once. What fails stays on the queue, and whoever was told is not again."""
    event = json.loads(message.body)["detail"]
    holder = event["data"]["holder"]
    with logger.append_context_keys(event_id=event["id"], holder=holder):
        loaded = ledger.load(holder, consistent=True)
        loaded.standing.advance(clock.day_of(clock.now()))
        letter = letters.letter(event, loaded.standing)
        for account in letters.accounts(event, loaded):
            _tell(event["id"], account, letter)


def _tell(event_id: str, account: str, letter: Letter | None) -> None:
    lease = mail.lease(event_id, account, clock.now())
    if lease is None:
        logger.info("told before")
        return
    outcome: mail.Outcome = "needless"
    detail = None
    if letter is not None:
        try:
            outcome, detail = "sent", post.send(account, letter, event_id)
        except post.Undeliverable as error:
            outcome, detail = "refused", str(error)
            logger.warning("the mail service refuses for good", reason=detail)
        except Exception:
            mail.release(event_id, account, lease)
            raise
    mail.finish(event_id, account, outcome, clock.now(), detail)
    logger.info("done with", outcome=outcome)
    count(f"Reminders{outcome.title()}")
