"""``/console/learning/models``: train, what was measured, which model speaks?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.console.catalogue.hints import on_page
from bot.console.catalogue.renewal import catalogue, renew
from bot.console.guard import Section, action, get, post
from bot.console.learning import turn
from bot.console.learning.words import REFUSED, SOURCES, STATUS, label_name, share
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.learning import live, review, teach, training
from handlers.staff.learning.errors import LearningError
from handlers.staff.learning.live import Version
from handlers.staff.learning.review import Approval
from handlers.staff.learning.rights import learning_desk
from handlers.staff.learning.training import Trained
from handlers.staff.permissions import Action
from handlers.staff.roster.view import today
from nlu.errors import NluError
from nlu.gate import Refusal
from nlu.train import Shelf

PAGE = "/console/learning/models"
TAUGHT = "/console/learning/taught"
BAD = 400
TYPED = ("text", "code", "word", "means")
PATIENCE_SECONDS = 20.0
"""As long as a browser waits for an answer without anybody worrying."""

_under_way: dict[tuple[int, str], asyncio.Task[Trained]] = {}
"""The training of a unit in this process; one at a time."""


@dataclass(frozen=True, slots=True)
class Line:
    """A model as it is shown; ``reasons`` say why it stays outside."""

    model_id: str
    at: int
    status: str
    is_live: bool
    can_go_live: bool
    first: str
    before: str
    fresh: int
    learnt: str
    lost: int
    reasons: tuple[str, ...]


@action(Action.TEACH_READER)
async def show(at: Visit) -> web.StreamResponse:
    """Show the models, newest first."""
    return await _page(at)


@action(Action.RELEASE_MODELS)
async def train(at: Visit) -> web.StreamResponse:
    """Train with what was approved; a better model goes live unless it is held."""
    is_held = bool(await at.text("hold"))
    desk = await learning_desk(at.desk, Action.RELEASE_MODELS)
    key = (id(at.house), at.unit_id)
    if _is_busy(at) or not await turn.take(at):
        return at.go(PAGE, "Dạ, đang có một lần huấn luyện, xin chờ ạ.", is_good=False)
    words = at.house.config.units[at.unit_id].abbreviations
    shelf = Shelf((await catalogue(at)).entries(), words)
    work = training.run(desk, shelf, today(at.desk), hold=is_held)
    alone = _alone(at, work)
    task = _under_way[key] = asyncio.create_task(alone, name=f"train {at.unit_id}")
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
    if not task.done():
        said = "Dạ, đang huấn luyện. Vài phút nữa kết quả hiện ở trang này ạ."
        return at.go(PAGE, said)
    try:
        trained = task.result()
    except LearningError as error:
        return await _page(at, on_page(error))
    except NluError as error:
        return await _page(at, error)
    await renew(at)
    return at.go(PAGE, told(trained), is_good=trained.is_live or not trained.refusals)


@action(Action.RELEASE_MODELS)
async def put_live(at: Visit) -> web.StreamResponse:
    """Put a model in force that passed."""
    desk = await learning_desk(at.desk, Action.RELEASE_MODELS)
    try:
        await live.make_live(desk, await at.text("model", 40))
    except LearningError as error:
        return await _page(at, on_page(error))
    await renew(at)
    return at.go(PAGE, "Dạ, trợ lý đã chuyển sang bản này.")


@action(Action.RELEASE_MODELS)
async def roll_back(at: Visit) -> web.StreamResponse:
    """Ask, then go back to the model before."""
    if not await at.text("sure"):
        return at.ask(
            "Lùi về bản trước",
            "Trợ lý sẽ dùng lại bản trước đó. Câu mẫu đã duyệt còn nguyên.",
            to="/console/learning/back",
            back=PAGE,
            button="Lùi về bản trước",
            hidden={"sure": "1"},
        )
    desk = await learning_desk(at.desk, Action.RELEASE_MODELS)
    try:
        to = await live.roll_back(desk)
    except LearningError as error:
        return await _page(at, on_page(error))
    await renew(at)
    name = "bản trước đó" if to else "dữ liệu gốc đi kèm"
    return at.go(PAGE, f"Dạ, trợ lý đã chuyển về {name}.")


@action(Action.TEACH_READER)
async def taught(at: Visit) -> web.StreamResponse:
    """Show the approved examples."""
    return await _taught(at)


@action(Action.TEACH_READER)
async def add(at: Visit) -> web.StreamResponse:
    """Teach a sentence, or a local word with its meaning."""
    kept = {
        n: (await at.text(n, 300)).strip() for n in ("text", "code", "word", "means")
    }
    desk = await learning_desk(at.desk, Action.TEACH_READER)
    known = await catalogue(at)
    try:
        if kept["word"]:
            await teach.local_word(desk, kept["word"], kept["means"], known.entries())
        else:
            await teach.sentence(desk, Approval(kept["text"], kept["code"]), known)
    except LearningError as error:
        return await _taught(at, kept, on_page(error))
    return at.go(TAUGHT, "Dạ, đã ghi; trợ lý học ở lần huấn luyện tới.")


@action(Action.TEACH_READER)
async def withdraw(at: Visit) -> web.StreamResponse:
    """Take an approved example back."""
    desk = await learning_desk(at.desk, Action.TEACH_READER)
    await review.reject(desk, await at.text("id", 40))
    return at.go(TAUGHT, "Dạ, đã rút câu mẫu; lần huấn luyện tới sẽ không còn.")


def told(done: Trained) -> str:
    """Say how training went."""
    if Refusal.NOTHING_NEW in done.refusals:
        return "Dạ, chưa có câu mẫu nào mới để học; trợ lý giữ nguyên."
    found = done.comparison
    figures = f"đúng ngay {share(found.new.first)} (trước đó {share(found.old.first)})"
    if done.is_live:
        return f"Dạ, bản mới tốt hơn và đã vào việc: {figures}."
    if not done.refusals:
        return f"Dạ, bản mới đạt và đang chờ anh/chị đưa vào dùng: {figures}."
    reasons = "; ".join(REFUSED[reason] for reason in done.refusals)
    return f"Dạ, bản mới chưa được dùng: {reasons}. Trợ lý giữ bản cũ."


async def _page(
    at: Visit, error: LearningError | NluError | None = None
) -> web.Response:
    desk = await learning_desk(at.desk, Action.TEACH_READER)
    lines = [_line(one) for one in await live.listed(desk)]
    examples = len(await teach.listed(desk))
    return at.html(
        "learning/models.html",
        "Các bản đã học",
        status=BAD if error else 200,
        lines=lines,
        examples=examples,
        is_busy=_is_busy(at) or await turn.is_taken(at),
        last=_last(at),
        error=error,
    )


async def _taught(
    at: Visit,
    kept: Mapping[str, str] | None = None,
    error: LearningError | None = None,
) -> web.Response:
    desk = await learning_desk(at.desk, Action.TEACH_READER)
    names = {entry.code: entry.name for entry in (await catalogue(at)).entries()}
    rows = [
        (one, label_name(one.example.label, names), SOURCES[one.source])
        for one in reversed(await teach.listed(desk))
    ]
    return at.html(
        "learning/taught.html",
        "Câu đã dạy",
        status=BAD if error else 200,
        rows=rows,
        kept={**dict.fromkeys(TYPED, ""), **(kept or {})},
        error=error,
    )


async def _alone(at: Visit, work: Awaitable[Trained]) -> Trained:
    async with turn.held(at):
        return await work


def _is_busy(at: Visit) -> bool:
    task = _under_way.get((id(at.house), at.unit_id))
    return task is not None and not task.done()


def _last(at: Visit) -> str:
    """Return how the last training of this process ended, "" for none."""
    task = _under_way.get((id(at.house), at.unit_id))
    if task is None or not task.done() or task.cancelled():
        return ""
    error = task.exception()
    return str(error) if error is not None else told(task.result())


def _line(one: Version) -> Line:
    found: Mapping[str, Any] = one.metrics
    refusals = tuple(REFUSED[Refusal(name)] for name in found["refusals"])
    fresh = int(found["fresh"])
    is_live = one.status == "live"
    return Line(
        one.model_id,
        one.trained_at,
        "đã lùi lại" if one.rolled_back else STATUS[one.status],
        is_live,
        one.status == "candidate" and not refusals and not one.rolled_back,
        share(found["new"]["first"]),
        share(found["old"]["first"]),
        fresh,
        f"{found['new_right']}/{fresh} (trước đó {found['old_right']})",
        sum(change["lost"] for change in found["changes"]),
        refusals,
    )


SECTION = Section(
    (
        get("/learning/models", show),
        post("/learning/train", train),
        post("/learning/live", put_live),
        post("/learning/back", roll_back),
        get("/learning/taught", taught),
        post("/learning/taught", add),
        post("/learning/withdraw", withdraw),
    ),
    place=Place.CATALOGUE,
)
