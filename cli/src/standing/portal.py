"""`standing portal publish`: the portal's pages, onto a stack."""

import uuid
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from api.clients import client

from standing import connection, pages, parsing
from standing.errors import OK, CommandError
from standing.output import say

PAGES = Path("web")
PUBLISH = f"""\
Every file of the folder goes to the stack's bucket, {pages.CONFIG} is made from the stack's outputs, what is no longer
in the folder is removed, and the distribution forgets what it had. Again is harmless."""


def add(commands: Any) -> None:
    portal = parsing.group(commands, "portal", "the portal's pages")
    publish = parsing.command(portal, "publish", _publish, "publish the pages", needs=("stack",), more=PUBLISH)
    publish.add_argument(
        "--pages", type=Path, default=PAGES, metavar="FOLDER", help=f"where they are; by default {PAGES}"
    )


def _publish(given: Namespace) -> int:
    outputs = _outputs(connection.place("stack"))
    try:
        published = publish(given.pages, outputs)
    except pages.PagesError as error:
        raise CommandError(f"nothing was published\n{error}") from None
    say(f"{len(published)} files published; the portal is at {outputs['Portal']}")
    return OK


def publish(folder: Path, outputs: dict[str, str], client: Callable[[str], Any] = client) -> list[str]:
    """The keys published, to the bucket and distribution that a stack's outputs name; client gives that of a service."""
    bucket, store = outputs["PagesBucket"], client("s3")
    found = list(pages.read(folder, outputs))
    for page in found:
        store.put_object(
            Bucket=bucket,
            Key=page.key,
            Body=page.content,
            ContentType=page.content_type,
            CacheControl=pages.CACHE_CONTROL,
        )
    published = [page.key for page in found]
    for key in set(_keys(store, bucket)) - set(published):
        store.delete_object(Bucket=bucket, Key=key)
    client("cloudfront").create_invalidation(
        DistributionId=outputs["PortalDistribution"],
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(uuid.uuid4())},
    )
    return published


def _outputs(stack: str) -> dict[str, str]:
    described = client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    if "PagesBucket" not in outputs:
        raise CommandError(f"the stack {stack} has no pages: deploy template.yaml first")
    return outputs


def _keys(store: Any, bucket: str) -> Iterator[str]:
    for page in store.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (entry["Key"] for entry in page.get("Contents", []))
