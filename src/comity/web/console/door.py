"""The console's door: who visits, which page, and what every page must carry."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Match, Mount, Route
from starlette.types import Scope

from comity.desks.needs import Clock
from comity.domain import limits
from comity.domain.errors import Invalid, NotPermitted, Refusal, TooLarge, Unauthenticated
from comity.domain.session import Session
from comity.domain.site import site_of
from comity.web.console import (
    accessibility,
    administration,
    agreements,
    alarms,
    approvals,
    batches,
    cases,
    events,
    files,
    hits,
    home,
    incidents,
    lookup,
    mail,
    members,
    misuse,
    network,
    operations,
    oversight,
    passkeys,
    records,
    rights,
    settings,
    signing_in,
    spot_checks,
    statistics,
)
from comity.web.console.gate import Arrival, Entered, Gate
from comity.web.console.needs import ConsoleDesks
from comity.web.console.once import Once
from comity.web.console.page import Brought, Form, Moved, Outcome, Page, Sent, Shown, Visit
from comity.web.console.pages import Pages
from comity.web.console.static_files import Kept
from comity.web.refusals import UnknownAddress, status_of

COOKIE = "__Host-comity"  # the prefix: Secure, of this host alone, for every path
PAGES: tuple[Page, ...] = (
    *home.PAGES,
    *lookup.PAGES,
    *hits.PAGES,
    *batches.PAGES,
    *administration.PAGES,
    *approvals.PAGES,
    *agreements.PAGES,
    *alarms.PAGES,
    *cases.PAGES,
    *files.PAGES,
    *incidents.PAGES,
    *mail.PAGES,
    *members.PAGES,
    *misuse.PAGES,
    *network.PAGES,
    *operations.PAGES,
    *records.PAGES,
    *rights.PAGES,
    *oversight.PAGES,
    *passkeys.PAGES,
    *settings.PAGES,
    *spot_checks.PAGES,
    *statistics.PAGES,
    *signing_in.PAGES,
)
GATES: tuple[Gate, ...] = (*accessibility.GATES, *passkeys.GATES, *signing_in.GATES)
CHANGES = frozenset({"POST", "PATCH"})
CSRF_FIELD = "comity-csrf"
FIELDS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        "trusted-types comity"
    ),
    "cache-control": "no-store",
    # Nothing to others. With "no-referrer" a browser would send its own forms with "Origin: null".
    # Falls without it: tests/browser/test_signing_in.py
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self)",
}


def cookie_of(origin: str) -> str:
    """How the cookie is called: over plain HTTP no browser keeps one with the prefix, and ports share them."""
    return COOKIE if origin.startswith("https:") else f"comity-{urlsplit(origin).port or 80}"


class ConsoleDoor:
    """`origin`: as the reader's browser has the console, such as https://console.example."""

    def __init__(self, desks: ConsoleDesks, pages: Pages, clock: Clock, origin: str) -> None:
        self.desks = desks
        self.pages = pages
        self.clock = clock
        self.origin = origin
        self.cookie = cookie_of(origin)
        self.once = Once()
        self.app = Starlette(
            routes=[
                *(Route(page.path, self._endpoint(page), methods=[page.method]) for page in PAGES),
                *(Route(gate.path, self._gate(gate), methods=[gate.method]) for gate in GATES),
                Route(events.PATH, events.Arrivals(desks, self.cookie, FIELDS).told),
                Mount("/static", Kept(FIELDS)),
            ],
            exception_handlers={HTTPException: self._nowhere},
        )

    def route_of(self, scope: Scope) -> str:
        """The template of a request's path: what logs and counters may show of it."""
        found = (one.path for one in self.app.routes if one.matches(scope)[0] is not Match.NONE)  # type: ignore[attr-defined]
        return next(found, "-")

    async def _nowhere(self, request: Request, wrong: Exception) -> Response:
        """An address that there is not, or a method that is not done there."""
        assert isinstance(wrong, HTTPException)
        kind = UnknownAddress if wrong.status_code == 404 else Invalid
        refusal = kind("There is no such page.", do="Go to the first page.")
        shown = Shown("refused.html", {"title": status_of(kind)[1], "refusal": refusal}, wrong.status_code)
        answered = self._written(shown, None, request)
        answered.headers.update(wrong.headers or {})
        return answered

    def _gate(self, gate: Gate) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                form = await _form(request) if gate.method == "POST" else Form()
            except HTTPException:
                form = Form()
            return await run_in_threadpool(self._at_gate, gate, request, form)

        return answer

    def _at_gate(self, gate: Gate, request: Request, form: Form) -> Response:
        """Nobody is signed in yet, so no form of theirs has a mark: that it came from our page must do."""
        try:
            if gate.method == "POST":
                self._check_sender(request)
            query = Form({key: request.query_params.getlist(key) for key in request.query_params})
            outcome = gate.show(self._arrival(query, form))
            if not isinstance(outcome, Entered):
                return self._written(outcome, None, request)
            return self._entered(outcome, request.cookies.get(self.cookie, ""))
        except Refusal as refusal:
            status, title = status_of(type(refusal))
            return self._written(Shown("refused.html", {"title": title, "refusal": refusal}, status), None, request)

    def _arrival(self, query: Form, form: Form) -> Arrival:
        return Arrival(desks=self.desks, query=query, form=form, is_demo=self.pages.is_demo, origin=self.origin)

    def _entered(self, entered: Entered, before: str) -> Response:
        """A new session under a token that nobody had; what the browser held before ends (session fixation)."""
        token, _ = self.desks.sessions.open(entered.login, entered.by)
        with suppress(Unauthenticated):
            self.desks.sessions.end(before)
        response = RedirectResponse(entered.to, status_code=303, headers=FIELDS)
        secure = self.origin.startswith("https:")
        response.set_cookie(self.cookie, token, path="/", secure=secure, httponly=True, samesite="strict")
        return response

    def _endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                refusal = await run_in_threadpool(self._unread, request) if page.method in CHANGES else None
                return await run_in_threadpool(self._answer, page, request, refusal or await _brought(page, request))
            finally:
                await request.close()  # with the files of its form

        return answer

    def _unread(self, request: Request) -> Refusal | None:
        """Of a stranger, or from a page of another site, nothing is read: a file may have gigabytes.

        Falls without it: tests/web/console/test_door.py
        """
        try:
            self.desks.sessions.session(request.cookies.get(self.cookie, ""), is_asked=False)
            self._check_sender(request)
        except Refusal as refusal:
            return refusal
        return None

    def _answer(self, page: Page, request: Request, sent: tuple[Form, bytes] | Refusal) -> Response:
        session: Session | None = None
        try:
            token = request.cookies.get(self.cookie, "")
            session = self.desks.sessions.session(token, is_asked=not page.by_screen)
            session = self._placed(session, request)
            if isinstance(sent, Refusal):
                raise sent
            form, body = sent
            if page.method in CHANGES:
                self._check_origin(request, session, form)
            if page.roles and page.roles.isdisjoint(session.caller.roles):
                raise NotPermitted("Your roles do not open this page.", do="Ask your administrator.")
            visit = Visit(
                desks=self.desks,
                session=session,
                token=token,
                id=next(iter(request.path_params.values()), ""),
                query=Form({key: request.query_params.getlist(key) for key in request.query_params}),
                form=form,
                origin=self.origin,
                body=body,
                fields=request.headers,
                now=self.clock(),
            )
            outcome = self._shown(page, visit)
            self._say(outcome, page, visit)
            return self._written(outcome, session, request, said="" if page.by_screen else session.said)
        except Unauthenticated:
            to = (
                f"?{urlencode({'to': request.url.path})}" if request.method == "GET" and request.url.path != "/" else ""
            )
            return RedirectResponse(f"/sign-in{to}", status_code=303, headers=FIELDS)
        except Refusal as refusal:
            status, title = status_of(type(refusal))
            shown = Shown("refused.html", {"title": title, "refusal": refusal}, status)
            return self._written(shown, session, request)

    def _shown(self, page: Page, visit: Visit) -> Outcome:
        """A form that carries a mark of its own is done once."""
        if mark := visit.form.text("once"):
            return self.once.done((visit.session.id, mark), lambda: page.show(visit))
        return page.show(visit)

    def _placed(self, session: Session, request: Request) -> Session:
        """With the site from which they came in, where the bureau has listed it."""
        site = site_of(request.client.host if request.client else "", self.desks.sites)
        return replace(session, caller=replace(session.caller, site=site)) if site else session

    def _say(self, outcome: Outcome, page: Page, visit: Visit) -> None:
        """What a form did is told on the next page, once; until then it lies with the session, in no cookie or path."""
        if isinstance(outcome, Moved) and outcome.said:
            self.desks.sessions.say(visit.token, outcome.said)
        elif isinstance(outcome, Shown) and visit.session.said and not page.by_screen:
            self.desks.sessions.told(visit.token)

    def _written(self, outcome: Outcome, session: Session | None, request: Request, said: str = "") -> Response:
        if isinstance(outcome, Moved):
            moved = RedirectResponse(outcome.to, status_code=303, headers=FIELDS)
            if outcome.leaves:
                secure = self.origin.startswith("https:")
                moved.delete_cookie(self.cookie, path="/", secure=secure, httponly=True, samesite="strict")
            return moved
        if isinstance(outcome, Brought):
            return StreamingResponse(
                iter(outcome.parts), status_code=outcome.status, headers={**FIELDS, **outcome.fields}
            )
        if isinstance(outcome, Sent):
            fields = {**FIELDS, "content-disposition": f'attachment; filename="{outcome.name}"'}
            return Response(outcome.content, media_type=outcome.content_type, headers=fields)
        page = self.pages.written(
            outcome, session, request.url.path, said, accepted=request.headers.get("accept-language", "")
        )
        return HTMLResponse(page, status_code=outcome.status, headers=FIELDS)

    def _check_origin(self, request: Request, session: Session, form: Form) -> None:
        """That the form is one of ours, sent from our own page. Raises NotPermitted."""
        self._check_sender(request)
        mark = request.headers.get(CSRF_FIELD, "") or form.text("csrf")  # a part of a file has no form
        if not hmac.compare_digest(mark.encode(), session.csrf.encode()):
            raise NotPermitted("This form was not sent from a page of this console.", do="Open the page again.")

    def _check_sender(self, request: Request) -> None:
        """That a page of ours sent it, as the browser says. Raises NotPermitted, also where it says nothing."""
        if request.headers.get("origin", "") != self.origin:
            raise NotPermitted("This form was not sent from a page of this console.", do="Open the page again.")


def _check_size(page: Page, request: Request) -> None:
    """How much it says that it brings; a server of HTTP takes no more than that. Raises TooLarge, Invalid."""
    if page.method not in CHANGES:
        return
    told = request.headers.get("content-length", "")
    if not (told.isascii() and told.isdigit()):
        raise Invalid("It does not say how long it is.", do="Send it from a page of this console.")
    if int(told) > page.bytes_max:
        raise TooLarge(f"It has {told} bytes; {page.bytes_max} are taken here.", do="Send less at once.")


async def _brought(page: Page, request: Request) -> tuple[Form, bytes] | Refusal:
    """The form or the part of a file that was sent; or why it is not read."""
    try:
        _check_size(page, request)
        form = await _form(request) if page.method == "POST" else Form()
        return form, await request.body() if page.method == "PATCH" else b""
    except Refusal as refusal:
        return refusal
    except HTTPException as wrong:
        return Invalid(f"The form cannot be read: {wrong.detail}", do="Open the page again.")


async def _form(request: Request) -> Form:
    texts: dict[str, Sequence[str]] = {}
    files: dict[str, UploadFile] = {}
    # A file of more than a megabyte lies in a file without a name until the request is answered, never in memory.
    sent = await request.form(max_part_size=limits.CONSOLE_FORM_BYTES_MAX)
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            files[name] = value
        else:
            texts[name] = (*texts.get(name, ()), value)
    return Form(texts, files)
