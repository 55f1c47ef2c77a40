"""Does the Rasa server of the configuration answer, in time, and where does it stand?

Never an error: without it the service reads with its own engine.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from time import perf_counter

import aiohttp
from yarl import URL

from bot.beside import rasa_client
from bot.cli.findings import OK, WARNING, Finding
from bot.config import Config
from bot.config_nlu import Rasa
from nlu.rasa.answer import Answer
from nlu.rasa.tally import Result

PART = "máy chủ Rasa"
PATIENCE_SECONDS = 5.0
"""A server that is only slow is told from one that is not there."""
QUESTION = "xin chào"
INSTEAD = "trợ lý dùng bộ đọc hiểu có sẵn"
REASONS = {
    Result.DEAD: "không kết nối được",
    Result.TIMEOUT: f"không trả lời trong {PATIENCE_SECONDS:.0f} giây",
    Result.STATUS: "từ chối câu hỏi (chưa nạp mô hình, hoặc sai nlu.rasa.token)",
}
ODD = "trả lời không đúng dạng của Rasa 3.6"


Seconds = Callable[[], float]


async def rasa(config: Config, monotonic: Seconds = perf_counter) -> list[Finding]:
    """Ask the server a harmless question; nothing when it is not used.

    ``monotonic`` returns seconds of a clock that never goes back.
    """
    if config.nlu.backend != "rasa":
        return []
    settings = config.nlu.rasa
    return [await _answers(settings, monotonic), *place(settings)]


async def _answers(settings: Rasa, monotonic: Seconds) -> Finding:
    async with aiohttp.ClientSession() as session:
        client = rasa_client(session, settings, timeout_seconds=PATIENCE_SECONDS)
        # The first question pays for the connection and a cold model.
        told = await client.ask(QUESTION)
        start = monotonic()
        if isinstance(told, Answer):
            told = await client.ask(QUESTION)
        seconds = monotonic() - start
    if not isinstance(told, Answer):
        return Finding(PART, WARNING, f"{REASONS.get(told, ODD)}; {INSTEAD}")
    if seconds > settings.timeout_seconds:
        text = f"trả lời sau {seconds:.2f} giây, lâu hơn nlu.rasa.timeout_seconds"
        return Finding(PART, WARNING, f"{text}; {INSTEAD}")
    return Finding(PART, OK, f"trả lời sau {1000 * seconds:.0f} ms")


def place(settings: Rasa) -> list[Finding]:
    """Return a warning when the questions of citizens leave this machine."""
    if is_local(settings.url):
        return []
    text = "nlu.rasa.url không ở máy này: câu hỏi của người dân được gửi đi nơi khác"
    return [Finding(PART, WARNING, text)]


def is_local(url: str) -> bool:
    """Whether an address is this very machine's."""
    host = URL(url).host or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
