"""What a holder gives to claim credits (A4)."""

from typing import Annotated

from api.fields import Day, Given, OptionalText, Text
from pydantic import Field


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
