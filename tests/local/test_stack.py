import pytest


@pytest.mark.parametrize("path", ["/dashboard", "/claims", "/admin/holders/avery/audit", "/nowhere"])
def test_nobody_gets_in_without_a_token(call, path):
    assert call("GET", path).status == 401


@pytest.mark.parametrize(
    "spoiled", [lambda t: t[:-4] + "AAAA", lambda t: t.split(".")[0] + "." + t.split(".", 1)[1][::-1]]
)
def test_a_forged_token_is_refused(stack, call, spoiled):
    token = spoiled(stack.description["users"]["holder"]["token"])
    assert call("GET", "/dashboard", headers={"Authorization": f"Bearer {token}"}).status == 401
