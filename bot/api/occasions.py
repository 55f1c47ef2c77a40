"""``POST /api/v1/occasions``: the one-stop system tells of an occasion, once.

The answer comes after the transaction. One sentence in Vietnamese and the bad field for
whatever is refused; no word of the body is logged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Final

import structlog
from aiohttp import web

from bot.limits import RateLimit
from bot.security import SecurityEvents
from handlers.staff.letters import occasion_form, occasions, tokens
from handlers.staff.letters.errors import BadOccasionError, OtherBodyError
from handlers.staff.letters.occasions import Received
from handlers.staff.letters.room import LetterRoom
from messages.letters.errors import LetterError
from storage.errors import StorageError

PATH: Final = "/api/v1/occasions"
PER_SECOND: Final = 2.0
BURST: Final = 60.0
LARGEST: Final = 32 * 1024
LONGEST_KEY: Final = 80
RETRY_SECONDS: Final = 30
SAID: Final = {
    occasions.DRAFTED: "Đã soạn bản nháp, chờ lãnh đạo duyệt.",
    occasions.KNOWN: "Việc này đã được báo trước đó, không tạo thêm.",
    occasions.PERSON: "Đã ghi nhận, chờ cán bộ xem và tự soạn.",
    occasions.SILENT: "Người nhận đã xin không nhận thư chủ động.",
    occasions.STORED: "Đã lưu ngày sinh; gần tới ngày máy soạn sẵn thư nháp.",
    occasions.NOTICE: "Đã ghi nhận, sẽ báo cho người dân theo cách được phép.",
}

RoomOf = Callable[[str, str], LetterRoom]

log = structlog.get_logger("api")


class OccasionsApi:
    """Takes occasions for the units of this process.

    ``room_of`` returns the room of a unit in a name; ``monotonic`` gives seconds.
    """

    def __init__(
        self,
        units: Collection[str],
        room_of: RoomOf,
        security: SecurityEvents,
        monotonic: Callable[[], float],
    ) -> None:
        self._units = frozenset(units)
        self._room_of = room_of
        self._security = security
        self._monotonic = monotonic
        self._limits: dict[str, RateLimit] = {}

    def add_routes(self, app: web.Application) -> None:
        """Serve the address."""
        app.router.add_post(PATH, self.post)

    async def post(self, request: web.Request) -> web.Response:
        """Answer 202 with the occasion and its letter, or 4xx with one sentence."""
        try:
            return await self._posted(request)
        except StorageError:
            response = _refused(503, "Hệ thống đang bận, xin gửi lại với khóa cũ.")
            response.headers["Retry-After"] = str(RETRY_SECONDS)
            return response

    async def _posted(self, request: web.Request) -> web.Response:
        room = await self._caller(request)
        if room is None:
            self._security.count("api_bad_token")
            response = _refused(401, "Mã kết nối chưa đúng hoặc đã kết thúc.")
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        wait = self._limit(room).take()
        if wait > 0:
            response = _refused(429, "Gửi nhanh quá, xin chờ rồi gửi tiếp.")
            response.headers["Retry-After"] = str(int(wait) + 1)
            return response
        return await self._taken(request, room)

    async def _caller(self, request: web.Request) -> LetterRoom | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        unit_id = tokens.unit_of(token.strip())
        if scheme.lower() != "bearer" or unit_id not in self._units:
            return None
        room = self._room_of(unit_id, "api")
        name = await room.desk.database.read(
            lambda c: tokens.name_of(c, unit_id, room.desk.keys, token.strip())
        )
        return None if name is None else self._room_of(unit_id, f"api.{name}")

    def _limit(self, room: LetterRoom) -> RateLimit:
        key = f"{room.unit_id}:{room.desk.by}"
        if key not in self._limits:
            self._limits[key] = RateLimit(PER_SECOND, self._monotonic, BURST)
        return self._limits[key]

    async def _taken(self, request: web.Request, room: LetterRoom) -> web.Response:
        key = request.headers.get("Idempotency-Key", "").strip()
        refused = _headers(request, key)
        if refused is not None:
            return refused
        body = await _body(request)
        if body is None:
            return _refused(413, f"Nội dung dài hơn {LARGEST // 1024} KB.")
        return await self._received(room, key, body)

    async def _received(self, room: LetterRoom, key: str, body: bytes) -> web.Response:
        try:
            told = occasion_form.read(room.kinds, _json(body))
            received = await occasions.receive(room, key, told)
        except BadOccasionError as error:
            return _refused(422, str(error), error.field)
        except OtherBodyError as error:
            return _refused(409, str(error), "Idempotency-Key")
        except LetterError as error:
            return _refused(422, str(error), "data")
        log.info(
            "occasion_received",
            unit=room.unit_id,
            occasion=received.occasion_id,
            result=received.result,
            new=received.is_new,
        )
        return _answer(received)


def _headers(request: web.Request, key: str) -> web.Response | None:
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        said = f"Cần tiêu đề Idempotency-Key, tối đa {LONGEST_KEY} ký tự."
        return _refused(400, said, "Idempotency-Key")
    if request.content_type != "application/json":
        return _refused(415, "Nội dung phải là application/json.", "Content-Type")
    return None


async def _body(request: web.Request) -> bytes | None:
    if (request.content_length or 0) > LARGEST:
        return None
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None
    return body if len(body) <= LARGEST else None


def _json(body: bytes) -> object:
    try:
        return json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BadOccasionError("", "nội dung không phải JSON hợp lệ") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Which of two values was meant nobody knows."""
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError
    return told


def _answer(received: Received) -> web.Response:
    told = {
        "occasion_id": received.occasion_id,
        "letter_id": received.letter_id or None,
        "result": received.result,
        "message": SAID[received.result],
    }
    return _json_response(told, 202)


def _refused(status: int, said: str, field: str = "") -> web.Response:
    return _json_response({"error": said, "field": field or None}, status)


def _json_response(value: object, status: int) -> web.Response:
    text = json.dumps(value, ensure_ascii=False)
    return web.json_response(
        text=text, status=status, headers={"Cache-Control": "no-store"}
    )
