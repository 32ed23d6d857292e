"""Settings of the studio. Everything that differs between installations comes from the environment.

Each variable has a default that works on one machine; README's configuration page lists them.
A value that cannot be understood stops the start with the variable's name.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from environs import Env

from editor import services, tools
from web import environment, identity

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

# -- Where we are -------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", False)
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / "var").resolve()
SECRET_KEY = environment.secret_key(env.str("SECRET_KEY", ""), DATA_DIR)

SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}. Use http://host:port or https://host.")
SECURE = _site.scheme == "https"

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [_site.hostname, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [SITE_URL])
# Addresses of the operator's own proxies before us; their X-Forwarded-* headers are believed
# (by uvicorn, which bin/run tells so: REMOTE_ADDR then is the visitor's).
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])

# -- Parts --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Before ours, whose desk leaves out what they list there.
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "accounts",
    "editor",
    "picwish_site.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "django_tasks_db",
]

MIDDLEWARE = [
    "web.observation.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "picwish_site.headers.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.language.choice.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "picwish_site.headers.HtmxVaryMiddleware",
    "accounts.identity.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
    "web.outages.OutageMiddleware",
]

ROOT_URLCONF = "picwish_site.urls"
ASGI_APPLICATION = "picwish_site.asgi.application"
WSGI_APPLICATION = "picwish_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "web.language.pages.Pages",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "picwish_site.words",
                "web.icons",
                "web.language.sentences",
            ],
        },
    }
]

# -- Database, queue, files ---------------------------------------------------------------------

DATABASES = {
    "default": environment.database(env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR}/studio.sqlite3"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

QUEUES = list(tools.QUEUES)
# Letters have a queue of their own, which the quick workers look into first.
MESSAGE_QUEUES = ["letters", *QUEUES]
TASKS_URL = env.str("TASKS_URL", "database://")
TASKS = {"default": environment.tasks(TASKS_URL, MESSAGE_QUEUES)}
# An idle worker is woken by what comes (editor/work/wakeups.py), and looks this often besides, in seconds.
WORKER_INTERVAL = env.float("WORKER_INTERVAL", 5.0)
if WORKER_INTERVAL <= 0:
    raise ImproperlyConfigured(f"WORKER_INTERVAL is {WORKER_INTERVAL}. Use a number of seconds.")
if urlsplit(TASKS_URL).scheme.startswith("redis"):
    INSTALLED_APPS.append("django_rq")
    _redis = {
        "URL": TASKS_URL,
        "DEFAULT_TIMEOUT": -1,
        "REDIS_CLIENT_KWARGS": environment.PATIENCE_WITH_REDIS,
    }
    RQ_QUEUES = dict.fromkeys(MESSAGE_QUEUES, _redis)
    RQ = {"JOB_CLASS": "django_tasks_rq.Job"}

STORAGE_URL = env.str("STORAGE_URL", f"file://{DATA_DIR}/media")
STORAGES = {
    "default": environment.storage(STORAGE_URL),
    "staticfiles": {"BACKEND": "picwish_site.server.static_files.ModuleManifestStorage"},
}
# Whether signed addresses of pictures send on to the S3 store: "true", or the address under which visitors
# reach it where that is another than ours.
DIRECT_ADDRESSES = environment.direct_addresses(env.str("DIRECT_ADDRESSES", ""))
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# The typeface's style sheet, where it was fetched, goes before the one that stands in for it.
TYPEFACE_DIR = Path(env.str("TYPEFACE_DIR", "") or DATA_DIR / "typeface").resolve()
STATICFILES_DIRS = [*([TYPEFACE_DIR] if TYPEFACE_DIR.is_dir() else []), BASE_DIR / "static"]

CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://")}

# -- Imaging ------------------------------------------------------------------------------------

WEIGHTS_DIR = Path(env.str("WEIGHTS_DIR", "") or DATA_DIR / "weights").resolve()
# The key that files are signed with, where recipes ask for it: manage.py credentials makes it.
IDENTITY_DIR = DATA_DIR / "identity"
# One imaging process may take this much private memory before its task, and only that, fails.
IMAGING_MEMORY_MB = env.int("IMAGING_MEMORY_MB", 4096)
# Seconds one task may take, from the claim to its archived results (the seeds' state -8).
TASK_DEADLINE = env.int("TASK_DEADLINE", 180)
# The same for a scene, which the seeds let clients wait 300 seconds for.
RENDER_DEADLINE = env.int("RENDER_DEADLINE", 300)
# Whether scenes are made here; without them nothing needs Blender.
SCENES = env.bool("SCENES", True)
# Longer side in pixels of a scene where nobody asks for another: the seeds' 1024.
SCENE_SIDE = env.int("SCENE_SIDE", 1024)
# A picture behind an address that a program names: bytes it may have (the seeds' state -5), and
# seconds that fetching it may take.
FETCH_MAX_BYTES = env.int("FETCH_MAX_BYTES", 30 * 2**20)
FETCH_SECONDS = env.float("FETCH_SECONDS", 30.0)
# "address:port" of servers of your own that pictures may come from and callbacks go to, though they
# are not on the open Internet. For tests; in production every entry is a door into your network.
FETCH_ALLOW: list[str] = env.list("FETCH_ALLOW", [])
# Where the calls of programs are counted: memory://, or redis://host:port/number for several web
# processes, which otherwise count each for itself.
RATE_LIMIT_URL = environment.counting(env.str("RATE_LIMIT_URL", "memory://"))
# Other sites whose pages may call the API from a browser, with a key of theirs: https://host, or * for all.
CORS_ORIGINS = environment.origins(env.list("CORS_ORIGINS", []))
# A worker that was not heard of for so many seconds is dead; its task goes to another.
LEASE_SECONDS = env.float("LEASE_SECONDS", 30.0)
# Uploads are refused while less than this is free, so that the database always can be written.
DISK_RESERVE_MB = env.int("DISK_RESERVE_MB", 256)

# Seconds that a whole request may take to come in; how large it may be: picwish_site/server/body_limit.py.
BODY_TIMEOUT = env.int("BODY_TIMEOUT", 300)
BODY_IDLE_TIMEOUT = env.int("BODY_IDLE_TIMEOUT", 30)
# Seconds in which a connection must bring a request's head, and in which it must take something of an
# answer (picwish_site/connections.py).
HEAD_TIMEOUT = env.float("HEAD_TIMEOUT", 20.0)
ANSWER_IDLE_TIMEOUT = env.float("ANSWER_IDLE_TIMEOUT", 60.0)
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Of one form: a run takes some at once where there are no scripts. Programs' forms count their own.
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_TEMP_DIR = env.str("UPLOAD_TEMP_DIR", None)

# -- Services that carry tasks out --------------------------------------------------------------

# Tool by tool: "local", a service's name (its tasks wait while it does not answer), or that and
# "+local" (the studio carries them out meanwhile). What is empty is set at the admin's desk.
WAYS = {
    str(tool): environment.choice(
        variable := f"PROVIDER_{tool.upper()}", env.str(variable, ""), services.list_ways(tool)
    )
    for tool in tools.Tool
}
# Address and key of each; HEEDS_IDEMPOTENCY_KEYS for one that takes a call sent twice with one key
# once, as another studio of ours does. What is empty is set at the admin's desk.
SERVICES = {
    name: environment.Service(
        base_url=environment.service_url(f"{name.upper()}_URL", env.str(f"{name.upper()}_URL", "")),
        key=env.str(f"{name.upper()}_KEY", ""),
        heeds_idempotency_keys=env.bool(f"{name.upper()}_HEEDS_IDEMPOTENCY_KEYS", False),
    )
    for name in services.SERVICES
}
# Calls per second to one service, of all workers together (the seeds' limit).
PROVIDER_RATE = env.float("PROVIDER_RATE", 2.0)
if PROVIDER_RATE <= 0:
    raise ImproperlyConfigured(f"PROVIDER_RATE is {PROVIDER_RATE}. Use a number of calls per second.")
# Seconds after its order for which a task waits for a service that does not answer.
PROVIDER_PATIENCE = env.int("PROVIDER_PATIENCE", 1800)

# -- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PersonBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "editor:editor"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", True)
# How often one machine, and all together, may make accounts and have letters sent.
SIGNUP_LIMIT = environment.limit("SIGNUP_LIMIT", env.str("SIGNUP_LIMIT", "6/hour;20/day"))
SIGNUP_LIMIT_IN_ALL = environment.limit("SIGNUP_LIMIT_IN_ALL", env.str("SIGNUP_LIMIT_IN_ALL", "60/hour"))
LETTER_LIMIT = environment.limit("LETTER_LIMIT", env.str("LETTER_LIMIT", "6/hour;20/day"))
LETTER_LIMIT_IN_ALL = environment.limit("LETTER_LIMIT_IN_ALL", env.str("LETTER_LIMIT_IN_ALL", "60/hour"))
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

# Providers of identity (OpenID Connect), whose people come in without a password of the studio's.
IDENTITY_PROVIDERS = identity.identity_providers(env.list("OIDC_PROVIDERS", []), env.str, env.bool)
# Whether passwords let people in besides. Who runs the studio keeps theirs, or could be shut out of it.
PASSWORD_SIGN_IN = identity.password_sign_in(env.bool("PASSWORD_SIGN_IN", True), IDENTITY_PROVIDERS)

ACCOUNT_ADAPTER = "accounts.identity.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.identity.adapters.IdentityAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Letters are the studio's own: accounts/emails. So is what a confirmed address is: accounts/identity.
ACCOUNT_EMAIL_VERIFICATION = "none"
# Of whom a second factor is asked: nobody, admins, everybody. Empty: as the desk says.
SECOND_FACTOR = environment.choice(
    "SECOND_FACTOR", env.str("SECOND_FACTOR", ""), ["nobody", "admins", "everybody"]
)
MFA_ADAPTER = "accounts.identity.second_factor.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# People show the device that it is they: a passkey is both steps in one.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Sweep"
# A code of half a minute ago, or of a clock that is ahead by as much, is right too.
MFA_TOTP_TOLERANCE = 1
# Seconds that a provider of identity may take to answer.
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10

AXES_CLIENT_IP_CALLABLE = "accounts.protection.throttle.identify_machine"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
# The page said until when; another try must not move that.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Who signed in when is nobody's business: only failed tries are kept.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # ours is in plain words: accounts/admin/lockouts.py

MAILERS = {"default": environment.mailer(env.dj_email_url("EMAIL_URL", "console://"))}
# Whether a letter gets to whom it is for, so that an address can be confirmed by one.
LETTERS_ARRIVE = urlsplit(env.str("EMAIL_URL", "console://")).scheme not in {"console", "dummy", "memory"}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"Sweep <studio@{_site.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- Doors --------------------------------------------------------------------------------------

# Cookies know no ports: two studios on one host must not take each other's.
_cookie = environment.cookie_prefix(SECRET_KEY, SITE_URL)
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_cookie}-session", f"{_cookie}-csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# The editor's modules read the token afresh for every request, so a sign-in in another tab
# does not break this one; the cookie is no secret from our own scripts.
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "web.error_pages.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31536000 if SECURE else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Our own files alone; pictures also from memory (a photo shown while it is still uploading).
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "blob:", "data:"],
    "style-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# -- Watching it --------------------------------------------------------------------------------

# Figures for Prometheus at /metrics. With a token only for who sends it as a bearer's.
METRICS = env.bool("METRICS", False)
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# -- Words and log ------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", "UTC")
# Each by its own name, for who looks for it.
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("it", "Italiano"),
    ("pt", "Português"),
    ("ja", "日本語"),
    ("zh-hans", "简体中文"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = f"{_cookie}-language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
FORMAT_MODULE_PATH = ["picwish_site.formats"]
USE_TZ = True

# For people, or a line of JSON each with the ids of request, task and person, for machines.
LOG_FORMAT = environment.choice("LOG_FORMAT", env.str("LOG_FORMAT", "line"), ["line", "json"]) or "line"
LINE = "{asctime} {levelname:<7} {name}: {message}"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": LINE, "style": "{"},
        "json": {"class": "picwish_site.monitoring.log.JsonLines"},
        "one json": {"class": "picwish_site.monitoring.log.BareJsonLines"},
        "one line": {"class": "picwish_site.monitoring.log.OneLine", "format": LINE, "style": "{"},
    },
    "handlers": {
        "terminal": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "strangers": {"class": "logging.StreamHandler", "formatter": f"one {LOG_FORMAT}"},
    },
    "root": {"handlers": ["terminal"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # Django attaches a mail handler and a debug console of its own; ours says it once.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        # What it finds suspicious in a request is no trace's worth.
        "django.security": {"handlers": ["strangers"], "propagate": False},
        "httpx": {"level": "WARNING"},
    },
}
