"""Do words of citizens leave this machine for a language model, and does it answer?

Never an error: without it the service reads with its own engine.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import aiohttp

from bot.addresses import host, is_here
from bot.cli.findings import OK, WARNING, Finding
from bot.config import Config
from bot.config_nlu import Ai
from nlu.ai.client import AiClient
from nlu.ai.envelope import Reply
from nlu.ai.prompt import rerank_prompt
from nlu.ai.rerank import chosen
from nlu.ai.use import Result

PART = "AI"
PATIENCE_SECONDS = 10.0
"""A server that is only slow is told from one that is not there."""
QUESTION = "hai người muốn lấy nhau thì làm giấy gì"
NAMES = ("Đăng ký khai tử", "Đăng ký kết hôn", "Tách thửa đất")
RIGHT = 1
INSTEAD = "trợ lý dùng bộ đọc hiểu có sẵn"
REASONS = {
    Result.DEAD: "không kết nối được",
    Result.TIMEOUT: f"không trả lời trong {PATIENCE_SECONDS:.0f} giây",
    Result.STATUS: "từ chối câu hỏi (sai nlu.ai.api_key, model, hoặc hết hạn mức)",
}
ODD = "trả lời không đúng dạng đã dặn"


Seconds = Callable[[], float]


async def ai(config: Config, monotonic: Seconds = perf_counter) -> list[Finding]:
    """Say where words go, and put one made-up question; nothing when it is off.

    ``monotonic`` returns seconds of a clock that never goes back.
    """
    settings = config.nlu.ai
    if settings is None:
        return []
    return [_place(settings), await _answers(settings, monotonic)]


def _place(settings: Ai) -> Finding:
    here = is_here(settings.url)
    where = "trong máy này" if here else f"RA NGOÀI MÁY tới {host(settings.url)}"
    text = (
        f"nlu.ai đang bật: câu hỏi chưa rõ, đã che dữ liệu cá nhân, được gửi {where};"
        f" không gửi tin về tố cáo, sức khỏe, trẻ em; mỗi đơn vị tối đa"
        f" {settings.daily_calls} lần và {settings.daily_tokens} token một ngày"
    )
    return Finding(PART, OK if here else WARNING, text)


async def _answers(settings: Ai, monotonic: Seconds) -> Finding:
    async with aiohttp.ClientSession() as session:
        client = AiClient(
            session,
            settings.url,
            settings.model,
            api_key=settings.api_key,
            timeout_seconds=PATIENCE_SECONDS,
        )
        start = monotonic()
        told = await client.ask(rerank_prompt(QUESTION, NAMES))
        seconds = monotonic() - start
    if isinstance(told, Reply):
        return _judged(settings, told, seconds)
    return Finding(PART, WARNING, f"{REASONS.get(told, ODD)}; {INSTEAD}")


def _judged(settings: Ai, told: Reply, seconds: float) -> Finding:
    places = chosen(told.content, len(NAMES))
    if isinstance(places, Result):
        return Finding(PART, WARNING, f"{settings.model} {ODD}; {INSTEAD}")
    if seconds > settings.timeout_seconds:
        text = f"trả lời sau {seconds:.2f} giây, lâu hơn nlu.ai.timeout_seconds"
        return Finding(PART, WARNING, f"{text}; {INSTEAD}")
    if places[:1] != (RIGHT,):
        text = f"{settings.model} chọn sai một câu dễ: xin thử mô hình khác"
        return Finding(PART, WARNING, text)
    return Finding(PART, OK, f"{settings.model} trả lời sau {1000 * seconds:.0f} ms")
