"""Every setting, in one file. What differs between machines comes from environment variables; docs/deploy.md lists them."""

from pathlib import Path

import dj_database_url
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from config.logs import without_personal_data

BASE_DIR = env.BASE_DIR
ENVIRONMENT = env.text("THROUGHLINE_ENV", "production")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured(f"THROUGHLINE_ENV is {ENVIRONMENT!r}; write development or production.")
PRODUCTION = ENVIRONMENT == "production"

# --- What a machine must say -------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.text(
    "SECRET_KEY",
    None if PRODUCTION else "development-only-" + "0" * 40,
    why="It signs sessions and links, so it must be long, random and secret (50 characters or more).",
)
# Earlier secret keys, newest first, while what they signed or encrypted is still about.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
BASE_URL = env.text(
    "THROUGHLINE_BASE_URL",
    None if PRODUCTION else "http://127.0.0.1:8000",
    why="It is the address people type, such as https://throughline.example.org; links in mails start with it.",
).rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver")
DATABASE_URL = env.text(
    "DATABASE_URL",
    why="It names the PostgreSQL database, such as postgres://user:password@host:5432/throughline.",
)
REDIS_URL = env.text(
    "REDIS_URL",
    why="It names the Redis or Valkey server that carries background work, such as redis://host:6379/0.",
)
DATA_DIR = Path(env.text("THROUGHLINE_DATA", str(BASE_DIR / "var")))
DEMO = env.flag("THROUGHLINE_DEMO", not PRODUCTION)

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured(
            "DEBUG is on in production. It would show strangers the inside of the software; unset it."
        )
    if SECRET_KEY.startswith("development-only-") or len(SECRET_KEY) < 50:
        raise ImproperlyConfigured(
            "SECRET_KEY is a default or shorter than 50 characters. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(60))'"
        )
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS names no host. Write the host names people type, with commas between them."
        )
    if not BASE_URL.startswith("https://"):
        raise ImproperlyConfigured("THROUGHLINE_BASE_URL must start with https:// in production.")

# --- Applications ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "partnerships",
    "people",
    "outcomes",
    "learning",
    "reports",
    *(["demo"] if DEMO else []),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.request_log.RequestLog",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.SessionTracking",
    "pghistory.middleware.HistoryMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "config.forms.FormRenderer"

# --- Data --------------------------------------------------------------------------------------------------------
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=0, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL database (postgres://…); no other kind is supported."
    )
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {"min_size": 1, "max_size": env.number("DATABASE_POOL", 8), "timeout": 10},
}
# The address is unique whatever its case (a constraint on Lower), which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "tl",
    }
}
MEDIA_ROOT = DATA_DIR / "media"
# The largest file that may be attached to a record. Files of figures have a limit of their own.
DOCUMENT_MEGABYTES = env.number("DOCUMENT_MEGABYTES", 20)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- People ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "people.backends.MembershipBackend",
    "people.backends.SignInNameBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email", "job_title"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "people.forms.signing_in.ChangeEmailForm",
    "change_password": "people.forms.signing_in.ChangePasswordForm",
    "confirm_email_verification_code": "people.forms.signing_in.ConfirmEmailForm",
    "confirm_login_code": "people.forms.signing_in.ConfirmCodeForm",
    "login": "people.forms.signing_in.SignInForm",
    "reauthenticate": "people.forms.signing_in.PasswordAgainForm",
    "request_login_code": "people.forms.signing_in.AskForCodeForm",
    "reset_password": "people.forms.signing_in.ForgottenPasswordForm",
    "reset_password_from_key": "people.forms.signing_in.NewPasswordForm",
    "set_password": "people.forms.signing_in.SetPasswordForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Codes that were typed wrong, by one address: a library's, say, from which many residents join.
JOINING_CODE_RATE = "20/10m/ip"
UNSUBSCRIBE_RATE = "20/10m/ip"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# Limits are kept by address, so the address must be the person's and not the reverse proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 1 if PRODUCTION else 0)
SOCIALACCOUNT_ADAPTER = "people.adapters.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# Sign-in with an organisation's own identity provider (Microsoft Entra ID, say) is there when these three are set.
OIDC_SERVER_URL = env.text("OIDC_SERVER_URL", "")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organisation",
                "name": env.text("OIDC_NAME", "your organisation"),
                "client_id": env.text(
                    "OIDC_CLIENT_ID", why="OIDC_SERVER_URL is set, and its provider knows us by this."
                ),
                "secret": env.text("OIDC_CLIENT_SECRET", ""),
                "settings": {
                    "server_url": OIDC_SERVER_URL,
                    "fetch_userinfo": True,
                    # Domains whose addresses this provider vouches for, where it does not say so of each (as Entra ID).
                    "verified_email": env.words("OIDC_EMAIL_DOMAINS"),
                },
            }
        ]
        if OIDC_SERVER_URL
        else [],
    }
}
MFA_ADAPTER = "people.adapters.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "people.forms.second_factor.ActivateAppForm",
    "add_webauthn": "people.forms.second_factor.AddPasskeyForm",
    "authenticate": "people.forms.second_factor.SecondStepForm",
    "edit_webauthn": "people.forms.second_factor.RenamePasskeyForm",
    "reauthenticate": "people.forms.second_factor.SecondStepAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Throughline"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 12) * 3600
SESSION_SAVE_EVERY_REQUEST = False
INVITATION_DAYS = env.number("INVITATION_DAYS", 14)
# How many days before a commitment is due its owner is reminded.
COMMITMENT_REMINDER_DAYS = env.number("COMMITMENT_REMINDER_DAYS", 7)
# How long an answer to a voice, and word of what came of an introduction, may take before pages say that it is missing.
VOICE_ANSWER_DAYS = env.number("VOICE_ANSWER_DAYS", 60)
INTRODUCTION_DAYS = env.number("INTRODUCTION_DAYS", 90)

# --- Partner API -------------------------------------------------------------------------------------------------
IDP_OIDC_ADAPTER = "people.adapters.PartnerSignInAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
# How often a token may be asked for: by one address, and with one client ID.
API_TOKEN_RATES = {"address": env.text("API_TOKEN_RATE", "60/min"), "client": "20/min"}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["people.partner_access.PartnerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["people.partner_access.PartnerScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "people.partner_access.schema.PartnerSchema",
    "EXCEPTION_HANDLER": "people.partner_access.problem_response",
    "DEFAULT_THROTTLE_CLASSES": ["people.partner_access.throttling.PartnerThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "partner-api": env.text("API_RATE", "600/min"),
        "partner-export": env.text("API_EXPORT_RATE", "20/min"),
    },
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Throughline partner API",
    "VERSION": "1",
    "DESCRIPTION": "Activities, observations and reports of one partnership, for the systems of its partners.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SERVERS": [{"url": BASE_URL}],
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "LICENSE": {"name": "MIT"},
    "PATH_CONVERTER_OVERRIDES": {"slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}},
    "ENUM_NAME_OVERRIDES": {
        "CommitmentStatus": "partnerships.models.CommitmentStatus",
        "ProgrammeStatus": "partnerships.models.ProgrammeStatus",
        "ReturnStatus": "outcomes.models.ReturnStatus",
        "MeetingStatus": "partnerships.models.MeetingStatus",
        "ObservationStatus": "outcomes.models.ObservationStatus",
        "ReturnMarker": "outcomes.api.returns.MARKERS",
        "MeasureFrequency": "outcomes.models.Frequency",
        "ReportFrequency": "partnerships.models.ReportFrequency",
        "Scope": "people.permissions.Scope",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "people.partner_access.schema.add_problems",
    ],
}

# --- Background work ---------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_TIME_LIMIT = 1800
# The visibility timeout lies above the longest task; the restore settings bring a lost task back within seconds, not minutes.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE = {
    "tell-about-returns": {
        "task": "reports.jobs.tell_about_returns",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "tell-mentioned": {
        "task": "partnerships.jobs.tell_mentioned",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "clear-activity-sheets": {
        "task": "partnerships.jobs.clear_activity_sheets",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    # By day only: nobody needs to be reminded at night.
    "remind-of-commitments": {
        "task": "partnerships.jobs.remind_of_commitments",
        "schedule": crontab(minute=20, hour="7-19"),
        "options": {"expires": 3600},
    },
    "remind-of-agreements": {
        "task": "partnerships.jobs.remind_of_agreements",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "send-waiting-notices": {
        "task": "partnerships.jobs.send_waiting_notices",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    # Put together at seven; the later turns send what the mail server refused, or what a clock that stood still missed.
    "ask-for-digests": {
        "task": "partnerships.jobs.ask_for_digests",
        "schedule": crontab(minute="0,15,30,45", hour="7-20"),
        "options": {"expires": 900},
    },
    "forget-old-notices": {
        "task": "partnerships.jobs.forget_old_notices",
        "schedule": crontab(minute=40, hour=3),
        "options": {"expires": 3600},
    },
    "open-returns": {
        "task": "outcomes.jobs.open_returns",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "heartbeat": {"task": "reports.jobs.heartbeat", "schedule": 15.0, "options": {"expires": 15}},
    "send-waiting-invitations": {
        "task": "people.jobs.send_waiting_invitations",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "tend-copies": {
        "task": "people.jobs.tend_copies",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "tell-of-unanswered-voices": {
        "task": "people.jobs.tell_of_unanswered_voices",
        "schedule": crontab(minute=10, hour="6-20"),
        "options": {"expires": 3600},
    },
    "clear-expired-tokens": {
        "task": "people.jobs.clear_expired_tokens",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "make-due-reports": {
        "task": "reports.jobs.make_due_reports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}

# --- Mail --------------------------------------------------------------------------------------------------------
EMAIL_URL_HOST = env.text("EMAIL_HOST", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_URL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = EMAIL_URL_HOST or "localhost"
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Throughline <throughline@localhost>")

# --- Language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Front end ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

# --- Security ----------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-tl-session" if PRODUCTION else "tl-session"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "__Host-tl-csrf" if PRODUCTION else "tl-csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "reports.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Chromium holds the redirect that follows a form to this too, so the organisation's sign-in must be named.
        "form-action": [SELF, *(["/".join(OIDC_SERVER_URL.split("/")[:3])] if OIDC_SERVER_URL else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY = {
    name: []
    for name in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

# --- Logs: one JSON line per event with its request id, and nothing about a person ---------------------------------
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_CELERY_ENABLED = True
_before = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    without_personal_data,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # Local variables hold what people typed, so a traceback shows none of them.
                structlog.processors.ExceptionRenderer(
                    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
                ),
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": _before,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"fontTools": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        without_personal_data,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

# --- History -----------------------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
