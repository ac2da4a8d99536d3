"""A site that others rely on. Every variable is named in `docs/hosting.md`."""

from pathlib import Path

from portal.lib.env import Settings

from .base import *
from .single_sign_on import single_sign_on

env = Settings()

DEBUG = False
SECRET_KEY = env.needed(
    "SECRET_KEY",
    "signs sessions and links; keep it to yourself",
    "\"$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')\"",
)
env.needed("DATABASE_URL", "where the records are kept", "postgres://user:password@host/fourfold")
DATABASES = {"default": env.database(default="sqlite:///:memory:")}
ALLOWED_HOSTS = [
    host.strip()
    for host in env.needed(
        "ALLOWED_HOSTS",
        "the names this site answers to, with commas between",
        "fourfold.example.org",
    ).split(",")
]
WAGTAILADMIN_BASE_URL = env.needed(
    "BASE_URL", "the address that links in mails begin with", "https://fourfold.example.org"
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.needed(
    "MAIL_FROM", "who mails come from", '"Fourfold <fourfold@example.org>"'
)
env.needed("EMAIL_URL", "the server that sends mails", "smtp+tls://user:password@host:587")
vars().update(env.email(default="consolemail://"))
vars().update(single_sign_on(env, CONTENT_SECURITY_POLICY))
env.refuse_missing()

# Whose password or code is not enough. MFA_REQUIRED_FOR=nobody switches it off, for a site that is tried out.
MFA_REQUIRED_FOR = env.words("MFA_REQUIRED_FOR") or [
    "secretariat",
    "administrators",
    "law_enforcement",
]

UNCONFIRMED_AFTER_DAYS = env.number("UNCONFIRMED_AFTER_DAYS", UNCONFIRMED_AFTER_DAYS)

CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# HTTPS=0 is for looking at these settings on one's own machine, where nobody listens in.
HTTPS = env.flag("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
if env.flag("BEHIND_PROXY"):  # only where the proxy in front sets this header itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PROXIES", 1)

if env.text("REDIS_URL"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": env.text("REDIS_URL"),
        }
    }
else:  # a cache that all processes share: rate limits count in it
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "portal_cache",
            "OPTIONS": {"MAX_ENTRIES": 5_000},
        }
    }
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": Path(env.text("PRIVATE_ROOT") or PRIVATE_ROOT)},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = Path(env.text("MEDIA_ROOT") or MEDIA_ROOT)
STATIC_ROOT = ROOT / "var" / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
