"""What a holder gives to claim credits (A4)."""

from typing import Annotated

from policy.facts import ClaimSubmitted
from pydantic import Field

from api.fields import Day, Given, OptionalText, Text


class NewClaim(Given):
    """A completed course; whether it counts is for the rules to say, not for this form."""

    course: Text
    version: Text
    item_type: Text
    provider: Text
    started_on: Day
    completed_on: Day
    certificate_id: Annotated[OptionalText, Field(description="Of the certificate of completion; may be blank.")] = None
    certificate_key: Annotated[
        OptionalText, Field(description="Of a certificate of completion uploaded before, from `POST /certificates`.")
    ] = None


def submitted(given: NewClaim, claim_id: str, account: str) -> ClaimSubmitted:
    """The fact that an account claims what is given."""
    return ClaimSubmitted(
        claim=claim_id,
        account=account,
        course=given.course,
        version=given.version,
        item_type=given.item_type,
        provider=given.provider,
        started_on=given.started_on,
        completed_on=given.completed_on,
        certificate=given.certificate_key is not None,
        certificate_id=given.certificate_id,
        certificate_key=given.certificate_key,
    )
