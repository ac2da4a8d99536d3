from django.http import HttpResponse

from portal.lib.policy import PolicyMiddleware


def policy(rf, path):
    response = PolicyMiddleware(lambda request: HttpResponse())(rf.get(path))
    return dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))


def test_policy_allows_this_site_alone(rf):
    directives = policy(rf, "/gaps/")

    assert directives["default-src"] == directives["script-src"] == "'self'"
    assert "unsafe-inline" not in directives["style-src"]
    assert directives["frame-ancestors"] == "'none'"


def test_policy_lets_the_desk_use_inline_scripts(rf):
    assert policy(rf, "/cms/pages/")["script-src"] == "'self' 'unsafe-inline'"


def test_policy_of_the_desk_ends_with_its_path(rf):
    assert policy(rf, "/cmsx/")["script-src"] == "'self'"
