"""The people of the local cloud: users of the stack's own pool, signed in."""

from dataclasses import asdict, dataclass

from .cloud import Cloud

PASSWORD = "Local-cloud-only-1"


@dataclass(frozen=True)
class Person:
    account: str
    holder: str
    token: str
    password: str = PASSWORD


PEOPLE = {
    "experienced_holder": ("ellis@example.com", "ellis", ()),
    "holder": ("avery@example.com", "avery", ()),
    "other_holder": ("blake@example.com", "blake", ()),
    "operator": ("operator@example.com", "operator", ("operator",)),
    "provider": ("provider@example.com", "provider", ("provider:acme",)),
    "partner_administrator": ("partner@example.com", "partner", ("partner-admin:northwind",)),
    "other_partner_administrator": ("east@example.com", "east", ("partner-admin:eastgate",)),
    "account_manager": ("manager@example.com", "manager", ("account-manager",)),
}


def sign_in(cloud: Cloud, pool: str, client: str) -> dict[str, dict[str, str]]:
    """{name: {account, holder, token, password}}: the id token carries email, email_verified and cognito:groups."""
    for group in ("provider:acme", "partner-admin:northwind", "partner-admin:eastgate"):
        cloud.client("cognito-idp").create_group(UserPoolId=pool, GroupName=group)
    return {
        name: asdict(Person(account, holder, token(cloud, pool, client, account, groups)))
        for name, (account, holder, groups) in PEOPLE.items()
    }


def token(cloud: Cloud, pool: str, client: str, account: str, groups: tuple[str, ...] = ()) -> str:
    """The id token of a new user of the pool whose e-mail is verified."""
    cognito = cloud.client("cognito-idp")
    verified = [{"Name": "email", "Value": account}, {"Name": "email_verified", "Value": "true"}]
    cognito.admin_create_user(UserPoolId=pool, Username=account, UserAttributes=verified, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=account, Password=PASSWORD, Permanent=True)
    for group in groups:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=account, GroupName=group)
    signed_in = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": account, "PASSWORD": PASSWORD},
    )
    return str(signed_in["AuthenticationResult"]["IdToken"])
