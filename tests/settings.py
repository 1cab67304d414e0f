"""The product's settings, made stricter and quicker for tests."""

import os
import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASES, INSTALLED_APPS, LOGGING, MIDDLEWARE, TEMPLATES

# Playwright keeps an event loop in the main thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# An N+1 query in any request of any test raises.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
# Sign-in looks one person's address or second step up several times in a request; there are no rows to loop over.
ZEAL_ALLOWLIST = [
    {"model": f"{app}.*", "field": "*"} for app in ("account", "mfa", "sessions", "usersessions")
]


class Undefined(str):
    """Raises where a template prints a variable that nobody gave it."""

    def __contains__(self, item: object) -> bool:
        return item == "%s" or super().__contains__(item)

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"A template prints {variable}, which its view does not give.")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
DATABASES["default"]["OPTIONS"].pop("pool", None)
MEDIA_ROOT = Path(tempfile.gettempdir()) / f"throughline-test-media-{os.getpid()}"
EMAIL_FILE_PATH = MEDIA_ROOT / "mail"
STATIC_ROOT = (
    BASE_DIR / "static"
)  # WhiteNoise warns at every client where the folder of collected files is missing.
LOGGING["loggers"]["django_structlog"] = {
    "level": "WARNING"
}  # A failing test is easier to read without every request.
