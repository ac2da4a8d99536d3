"""Single sign-on up to the provider's door, with a provider of our own on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.lib.env import MissingSettings, Settings
from portal.settings.single_sign_on import single_sign_on

pytestmark = pytest.mark.django_db

POLICY = {"DIRECTIVES": {"form-action": ["'self'"]}}
LOGIN = "/account/oidc/oidc/login/"


@pytest.fixture
def provider():
    """The address of a server that says where it would sign people in."""

    class Provider(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(
                json.dumps(
                    {
                        "issuer": address,
                        "authorization_endpoint": f"{address}/authorise",
                        "token_endpoint": f"{address}/token",
                        "userinfo_endpoint": f"{address}/person",
                    }
                ).encode()
            )

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Provider)
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address
    server.shutdown()
    server.server_close()


def settings_for(address):
    env = Settings(
        {"OIDC_URL": address, "OIDC_CLIENT_ID": "us", "OIDC_SECRET": "x", "OIDC_NAME": "Ministry"}
    )
    return single_sign_on(env, POLICY)


def test_without_a_provider_there_is_nothing(client):
    assert single_sign_on(Settings({}), POLICY) == {}
    assert client.get(LOGIN).status_code == 404
    assert "oidc" not in client.get("/sign-in/").content.decode()


def test_half_a_configuration_is_named():
    env = Settings({"OIDC_URL": "https://id.example.org/realm"})

    single_sign_on(env, POLICY)

    with pytest.raises(MissingSettings, match=r"OIDC_CLIENT_ID(.|\n)*OIDC_SECRET"):
        env.refuse_missing()


def test_form_may_lead_to_the_provider_and_nowhere_else():
    found = settings_for("https://id.example.org/realm")

    assert found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == [
        "'self'",
        "https://id.example.org",
    ]


def test_sign_in_page_leads_to_the_provider(client, settings, provider):
    settings.SOCIALACCOUNT_PROVIDERS = settings_for(provider)["SOCIALACCOUNT_PROVIDERS"]

    page = client.get("/sign-in/?next=/gaps/").content.decode()
    response = client.post(LOGIN + "?process=login")

    assert "Ministry" in page
    assert LOGIN in page
    asked = urlsplit(response["Location"])
    assert f"{asked.scheme}://{asked.netloc}{asked.path}" == f"{provider}/authorise"
    query = parse_qs(asked.query)
    assert query["client_id"] == ["us"]
    assert query["redirect_uri"] == ["http://testserver/account/oidc/oidc/login/callback/"]
    assert query["code_challenge_method"] == ["S256"]
    assert {"openid", "email"} <= set(query["scope"][0].split())


def test_provider_is_not_asked_by_a_mere_link(client, settings, provider):
    """Another site must not be able to start a sign-in."""
    settings.SOCIALACCOUNT_PROVIDERS = settings_for(provider)["SOCIALACCOUNT_PROVIDERS"]

    assert client.get(LOGIN).status_code == 200
