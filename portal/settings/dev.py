"""One machine, one person: what `make run` starts."""

from portal.lib.env import Settings, kept_secret

from .base import *
from .single_sign_on import single_sign_on

env = Settings()

DEBUG = env.flag("DEBUG", default=True)
SECRET_KEY = kept_secret(ROOT / ".secret-key")
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]", *env.words("ALLOWED_HOSTS")]
DEMO = env.text("DEMO")
database_file = "fourfold-example.sqlite3" if DEMO == "example" else "fourfold.sqlite3"
DATABASES = {"default": env.database(default=f"sqlite:///{ROOT / database_file}")}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# Asked of nobody on one's own machine, so that the demo accounts work; name roles to try it.
MFA_REQUIRED_FOR = env.words("MFA_REQUIRED_FOR")
vars().update(single_sign_on(env, CONTENT_SECURITY_POLICY))
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = "Fourfold <fourfold@example.org>"
WAGTAILADMIN_BASE_URL = f"http://localhost:{env.number('PORT', 8000)}"
