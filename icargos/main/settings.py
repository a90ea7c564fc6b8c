"""Settings of every process. Each value comes from the environment or has a safe default.

``DATABASE_URL`` is the application's login, ``DATABASE_OWNER_URL`` the migrations'. The command line starts the
embedded PostgreSQL and fills both when neither is given. ``ICARGOS_AS_OWNER=1`` makes this process use the owner's.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("ICARGOS_HOME", ROOT / "var"))


def _flag(name: str, default: bool) -> bool:
    """A yes/no variable; anything but 1/0, true/false, yes/no is an error that names the variable."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    raise SystemExit(f"{name} must be 1 or 0, not {value!r}.")


def _picture(name: str) -> str:
    """The path of a picture; one that is not there, or is none, is an error that names the variable."""
    path = os.environ.get(name, "").strip()
    try:
        begins = Path(path).read_bytes()[:8] if path else b""
    except OSError:
        raise SystemExit(f"{name}: {path} cannot be read.") from None
    if path and not begins.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise SystemExit(f"{name}: {path} is neither PNG nor JPEG.")
    return path


def _database(url: str) -> dict[str, object]:
    """Django's settings for a PostgreSQL address; a socket folder may stand in ``?host=``."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit("DATABASE_URL must start with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": query,
    }


DEBUG = _flag("ICARGOS_DEBUG", False)
SECRET_KEY = os.environ.get("ICARGOS_SECRET_KEY", "")
AS_OWNER = _flag("ICARGOS_AS_OWNER", False)
DATABASE_URL = os.environ.get("DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL", "")
DATABASES = {"default": _database(DATABASE_URL or "postgresql:///icargos")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = [h for h in os.environ.get("ICARGOS_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("ICARGOS_ORIGINS", "").split(",") if o]
LIVE_ORIGIN = os.environ.get("ICARGOS_LIVE_ORIGIN", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    "icargos.ground",
    "icargos.accounts",
    "icargos.places",
    "icargos.tariff",
    "icargos.consignments",
    "icargos.finance",
    "icargos.dispatch",
    "icargos.booking",
    "icargos.ui",
    "icargos.portal",
    "icargos.desk",
    "icargos.rider",
    "icargos.track",
    "icargos.api",
    "icargos.main",
]
MIDDLEWARE = [
    "icargos.main.middleware.RequestId",
    "icargos.main.middleware.Health",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "icargos.main.compression.Compression",
    "icargos.main.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "icargos.main.middleware.WhoIsAsking",
]
ROOT_URLCONF = "icargos.main.urls"
WSGI_APPLICATION = "icargos.main.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "icargos.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "icargos.ui.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        # The shell's own templates come before a library's of the same name.
                        ("django.template.loaders.filesystem.Loader", [ROOT / "icargos" / "ui" / "templates"]),
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ur", _("Urdu"))]
LOCALE_PATHS = [ROOT / "icargos" / "ui" / "locale"]
TIME_ZONE = "Asia/Karachi"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = [
    "icargos.ui.uploads.DropOversized",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "icargos.main.signin.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
# How many reverse proxies of our own stand in front: the client's address is then taken from X-Forwarded-For.
TRUSTED_PROXIES = int(os.environ.get("ICARGOS_TRUSTED_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# Tracking look-ups by number, for one client's address.
TRACKING_PER_MINUTE = int(os.environ.get("ICARGOS_TRACKING_PER_MINUTE", "60"))
# Calls with one API key.
API_PER_MINUTE = int(os.environ.get("ICARGOS_API_PER_MINUTE", "600"))
# Seconds after its last heartbeat at which a worker counts as lost and its jobs are taken up by another.
WORKER_LOST_AFTER = float(os.environ.get("ICARGOS_WORKER_LOST_AFTER", "30"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "icargos.main.failures.csrf"
SECURE_COOKIES = _flag("ICARGOS_HTTPS", False)
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31536000 if SECURE_COOKIES else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
EMAIL_BACKEND = os.environ.get("ICARGOS_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("ICARGOS_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("ICARGOS_SMTP_PORT", "25"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("ICARGOS_MAIL_FROM", "portal@localhost")

# Sign-in limits must hold across processes, so the cache is a table.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "ground_cache"}}
LOGGING_CONFIG = None
PROCRASTINATE_IMPORT_PATHS = ["icargos.main.jobs"]
SILENCED_SYSTEM_CHECKS = ["security.W004"]

COURIER = {
    "name": os.environ.get("ICARGOS_COURIER", "Safar Courier"),
    "phone": os.environ.get("ICARGOS_COURIER_PHONE", "021 111 723 270"),
    "brand_h": os.environ.get("ICARGOS_BRAND_H", "184"),
    "brand_c": os.environ.get("ICARGOS_BRAND_C", ".075"),
    "logo": _picture("ICARGOS_COURIER_LOGO"),
    "cn_prefix": os.environ.get("ICARGOS_CN_PREFIX", "IC"),
}
