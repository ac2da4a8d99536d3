"""Single sign-on by OpenID Connect, where the environment names a provider."""

from typing import Any
from urllib.parse import urlsplit

from portal.lib.env import Settings


def single_sign_on(env: Settings, policy: dict[str, Any]) -> dict[str, Any]:
    """django-allauth's settings for the provider at `OIDC_URL`; nothing without one.

    policy: the site's content security policy, which comes back with the provider's host as a place that the
    form on the sign-in page may lead to. Somebody known by their verified email address is let in; nobody is made.
    """
    address = env.text("OIDC_URL").strip()
    if not address:
        return {}
    app = {
        "provider_id": "oidc",
        "name": env.text("OIDC_NAME") or "single sign-on",
        "client_id": env.needed("OIDC_CLIENT_ID", "what the provider calls this site", "fourfold"),
        "secret": env.needed("OIDC_SECRET", "proves to the provider that it is this site", "…"),
        "settings": {"server_url": address, "oauth_pkce_enabled": True},
    }
    hosts = {_origin(address), *env.words("OIDC_HOSTS")}
    directives = policy["DIRECTIVES"]
    return {
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": [app]}},
        "CONTENT_SECURITY_POLICY": {
            **policy,
            "DIRECTIVES": {
                **directives,
                "form-action": [*directives["form-action"], *sorted(hosts)],
            },
        },
    }


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
