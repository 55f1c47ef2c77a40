"""``/khao-sat/<counter>``: five faces and, if somebody likes, a few words.

No log-in, no script, no cookie. Each opened page is good for one answer. Of an address
only a count in memory is kept, so that nobody fills the box alone; behind one address
there may be a whole waiting room, so the count is generous.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict, deque
from collections.abc import Mapping

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.console.device import caller
from bot.http_form import Fields, fields_of
from bot.public.counter_answer import Answer, save
from bot.public.shared import HEADERS, style_sheet, templates
from bot.runtime import UnitRuntime
from handlers.staff.reports import counter_book
from handlers.staff.reports.counter_book import Counter
from handlers.staff.reports.counters import name_of
from handlers.staff.reports.figures import LOW
from storage.database import Database
from storage.errors import StorageError
from storage.ids import Ids

FACES = (
    (5, "M11 22c2 9 16 9 18 0z", "Rất hài lòng"),
    (4, "M12 24c4 5 12 5 16 0", "Hài lòng"),
    (3, "M13 26h14", "Bình thường"),
    (2, "M12 28c4-5 12-5 16 0", "Chưa hài lòng"),
    (1, "M11 30c2-9 16-9 18 0z", "Rất chưa hài lòng"),
)
"""Score, the mouth of its face (drawn: old tablets lack the signs), its name."""
SCORES = {str(score): score for score, _, _ in FACES}
LONGEST = 1000
LARGEST = 16 * 1024
LIFE_MS = 12 * 3600 * 1000
"""A tablet at a counter shows the page all day."""
WINDOW_MS = 10 * 60 * 1000
FROM_ONE = 30
IN_ALL = 300
KNOWN = 10_000
PRIVATE = HEADERS | {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "form-action 'none'", "form-action 'self'"
    ),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}

log = structlog.get_logger("survey_page")


class Limit:
    """Counts answers of the last ten minutes, by address and in all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, deque[int]] = OrderedDict()

    def allows(self, unit_id: str, address: str) -> bool:
        """Count one more; False when there were too many."""
        mine, all_of = f"{unit_id} {address}", unit_id
        keys = ((mine, FROM_ONE), (all_of, IN_ALL)) if address else ((all_of, IN_ALL),)
        if any(len(self._recent(key)) >= most for key, most in keys):
            return False
        for key, _ in keys:
            self._recent(key).append(self._clock.now_ms())
        return True

    def _recent(self, key: str) -> deque[int]:
        found = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while found and found[0] <= self._clock.now_ms() - WINDOW_MS:
            found.popleft()
        while len(self._seen) > KNOWN:
            self._seen.popitem(last=False)
        return found


class SurveyPages:
    """Serves the question of every counter (``?xa=<unit>`` picks one of several)."""

    def __init__(
        self, units: Mapping[str, UnitRuntime], database: Database, clock: Clock
    ) -> None:
        self._units = units
        self._database = database
        self._clock = clock
        self._ids = Ids(clock.now_ms)
        self._limit = Limit(clock)
        self._environment = templates()

    def add_routes(self, app: web.Application) -> None:
        """Serve question, answer and style."""
        app.router.add_get("/khao-sat/{counter}", self.show)
        app.router.add_post("/khao-sat/{counter}", self.answer)
        app.router.add_get("/khao-sat-static/survey.css", self.style)

    async def show(self, request: web.Request) -> web.Response:
        """Ask."""
        return self._question(*await self._found(request))

    async def answer(self, request: web.Request) -> web.Response:
        """Take an answer; one that lacks something is asked again, words kept."""
        unit, counter = await self._found(request)
        try:
            form = await fields_of(request.clone(client_max_size=LARGEST))
        except (web.HTTPBadRequest, web.HTTPRequestEntityTooLarge) as refused:
            error = "Chưa đọc được nội dung gửi lên, xin viết ngắn hơn."
            return self._question(unit, counter, error=error, status=refused.status)
        return await self._taken(request, unit, counter, form)

    async def _taken(
        self, request: web.Request, unit: UnitRuntime, counter: Counter, form: Fields
    ) -> web.Response:
        words = str(form.get("words", "")).replace("\0", "").strip()[:LONGEST]
        chosen = str(form.get("score", ""))
        mark = self._mark(unit, counter, str(form.get("page", "")))
        error, status = "", 200
        if not mark:
            error, status = "Trang mở đã lâu, xin bấm gửi lại.", 400
        elif chosen not in SCORES:
            error, status = "Xin chọn một trong năm khuôn mặt.", 400
        elif not self._limit.allows(unit.unit_id, caller(request).address):
            error, status = "Đang có nhiều người gửi, xin gửi lại sau ít phút.", 429
        elif not await self._save(
            unit, Answer(counter.code, mark, SCORES[chosen], words)
        ):
            error, status = "Hệ thống đang bận, xin gửi lại sau ít phút.", 503
        if error:
            return self._question(unit, counter, words, error, status, chosen)
        is_low = SCORES[chosen] <= LOW
        return self._page("survey_thanks.html", unit, counter, is_low=is_low)

    async def _save(self, unit: UnitRuntime, told: Answer) -> bool:
        """Keep an answer; False when the database is away."""
        now = self._clock.now_ms()
        try:
            await self._database.write(lambda c: save(c, unit, self._ids, told, now))
        except StorageError as failure:
            log.warning("survey_not_saved", error=type(failure).__name__)
            return False
        return True

    async def style(self, _request: web.Request) -> web.Response:
        """Return the style sheet."""
        return style_sheet("survey.css")

    async def _found(self, request: web.Request) -> tuple[UnitRuntime, Counter]:
        """Return unit and counter; raises HTTPNotFound with a sentence."""
        code, chosen = request.match_info["counter"], request.query.get("xa", "")
        unit = self._units.get(chosen)
        if unit is None and len(self._units) == 1 and not chosen:
            unit = next(iter(self._units.values()))
        counter = await self._counter(unit, code) if unit is not None else None
        if unit is None or counter is None:
            page = self._environment.get_template("survey_missing.html").render()
            raise web.HTTPNotFound(text=page, content_type="text/html", headers=PRIVATE)
        return unit, counter

    async def _counter(self, unit: UnitRuntime, code: str) -> Counter | None:
        """Return a counter that is used; ours while the database is away."""
        try:
            known = await self._database.read(
                lambda c: counter_book.listed(c, unit.unit_id)
            )
        except StorageError:
            name = name_of(code)
            return Counter(code, name) if name else None
        found = known.get(code)
        return found if found is not None and found.is_used else None

    def _question(
        self,
        unit: UnitRuntime,
        counter: Counter,
        words: str = "",
        error: str = "",
        status: int = 200,
        chosen: str = "",
    ) -> web.Response:
        page = f"{self._clock.now_ms():x}.{self._ids.new()[12:]}"
        signed = f"{page}.{self._sign(unit, counter, page)}"
        return self._page(
            "survey.html",
            unit,
            counter,
            status,
            faces=FACES,
            page=signed,
            words=words,
            chosen=chosen,
            error=error,
        )

    def _mark(self, unit: UnitRuntime, counter: Counter, signed: str) -> str:
        """Return the mark of a page that we showed not long ago, "" for no such."""
        page, _, mac = signed.rpartition(".")
        shown, _, mark = page.partition(".")
        if not hmac.compare_digest(
            mac.encode(), self._sign(unit, counter, page).encode()
        ):
            return ""
        return mark if self._clock.now_ms() - int(shown, 16) < LIFE_MS else ""

    def _sign(self, unit: UnitRuntime, counter: Counter, page: str) -> str:
        return unit.vault.keys.mac("survey-page", f"{counter.code} {page}")

    def _page(
        self,
        name: str,
        unit: UnitRuntime,
        counter: Counter,
        status: int = 200,
        **values: object,
    ) -> web.Response:
        several = len(self._units) > 1
        here = f"/khao-sat/{counter.code}" + (f"?xa={unit.unit_id}" if several else "")
        text = self._environment.get_template(name).render(
            unit=unit.services.unit, counter=counter.name, here=here, **values
        )
        return web.Response(
            text=text, status=status, content_type="text/html", headers=PRIVATE
        )
