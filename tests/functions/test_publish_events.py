pytest_plugins = ("tests.functions.cloud",)
from tests.functions.events import *
from tests.ledger import world
from functions.publish_events.handler import lambda_handler
from api import clients
def test_x(cloud, today, log):
    world.enroll("ann"); world.submit("ann")
    ev = clients.client("events")
    ev.create_event_bus(Name="standing")
    ev.put_rule(Name="all", EventBusName="standing", EventPattern='{"source":["standing"]}')
    ev.put_targets(Rule="all", EventBusName="standing", Targets=[{"Id":"1","Arn":"arn:aws:sqs:us-east-1:123456789012:sweep"}])
    r = lambda_handler(from_stream(*journal()), Context())
    print(r)
    for m in cloud.messages("sweep"): print(m)
    print(log.getvalue())
    assert 0
