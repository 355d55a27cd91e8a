"""Who may come in: host names, origins, the token, how often; and the headers every answer carries."""

import hmac
import ipaddress
import time
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timeline.rendering.pages import render

COOKIE = "timeline_token"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What anybody may have: the stylesheet of the page that asks for the token, and the sign of life.
_OPEN = ("/static/", "/healthz")
# A page with everything on it makes some ten requests; a reader who clicks like mad stays far below.
_RATE, _BURST = 200.0, 800.0
_MOST_CLIENTS = 1000
_MOST_BODY = 256 * 1024


class Guard:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, *, host: str, token: str | None) -> None:
        self._app = app
        self._token = token
        self._names = _LOCAL_NAMES | {host, f"[{host}]"}
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-cache, private")
            await send(message)

        refused = self._refuse(scope)
        await (refused or self._app)(scope, receive, with_headers)

    def _refuse(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._has_patience(scope):
            return _say(429, "too many requests; wait a second")
        if self._token is None and not self._is_ours(headers.get("host", "")):
            return _say(421, "this name is not ours: open the address that `timeline up` printed")
        if b"%00" in scope["query_string"] or "\0" in scope["path"]:
            return _say(400, "an address holds no NUL")  # databases trip over it, each in its own way
        if scope["method"] not in _SAFE and not _is_same_origin(headers):
            return _say(403, "a page of another site may not write here")
        if refused := _refuse_body(scope, headers):
            return refused
        return self._ask_for_token(scope, headers)

    def _is_ours(self, host: str) -> bool:
        """A name that leads here by our own doing: anything else is DNS rebinding."""
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        return name.lower().rstrip(".") in self._names

    def _ask_for_token(self, scope: Scope, headers: Headers) -> Response | None:
        if self._token is None or scope["path"].startswith(_OPEN):
            return None
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if scope["method"] == "GET" and "token" in query:
            given = query.pop("token")
            if self._is_right(given):
                back = RedirectResponse(scope["path"] + (f"?{urlencode(query)}" if query else ""), 303)
                is_secure = scope.get("scheme") == "https"
                back.set_cookie(COOKIE, given, httponly=True, samesite="strict", secure=is_secure, max_age=90 * 86_400)
                return back
        elif self._is_right(_bearer(headers)) or self._is_right(_cookie(headers)):
            return None
        if "text/html" in headers.get("accept", "") and scope["method"] == "GET":
            return HTMLResponse(render("token.html", "token"), 401)
        return JSONResponse(
            {"detail": "a token is needed: Authorization: Bearer …"}, 401, {"www-authenticate": "Bearer"}
        )

    def _is_right(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), (self._token or "").encode())

    def _has_patience(self, scope: Scope) -> bool:
        """A bucket a client, refilled steadily."""
        client = scope["client"][0] if scope.get("client") else ""
        now = time.monotonic()
        tokens, at = self._buckets.pop(client, (_BURST, now))
        tokens = min(_BURST, tokens + (now - at) * _RATE)
        self._buckets[client] = (max(0.0, tokens - 1), now)
        while len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return tokens >= 1


def _refuse_body(scope: Scope, headers: Headers) -> Response | None:
    """What is written is small and says how large it is; an upload counts for itself."""
    if scope["method"] in _SAFE or scope["path"] == "/api/upload":
        return None
    declared = headers.get("content-length", "0" if "transfer-encoding" not in headers else "")
    if not declared.isdigit():
        return _say(411, "say how long the body is")
    return _say(413, f"more than {_MOST_BODY:,} bytes") if int(declared) > _MOST_BODY else None


def _is_same_origin(headers: Headers) -> bool:
    """True for our own pages and for programs; browsers name the site a request comes from."""
    if headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


def _bearer(headers: Headers) -> str | None:
    kind, _, given = headers.get("authorization", "").partition(" ")
    return given.strip() if kind.lower() == "bearer" else None


def _cookie(headers: Headers) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


def _say(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status)


def is_local(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
