"""Does only a better model go live, can it be taken back, and is forgery refused?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, LargeBinary, String, update

from handlers.staff.learning import in_force, live, review, training
from handlers.staff.learning.errors import (
    ModelDamagedError,
    ModelUnknownError,
    NothingLiveError,
    NotPassedError,
    QuestionsMissingError,
    StaleModelError,
)
from handlers.staff.learning.review import Approval
from handlers.staff.learning.training import KEPT_MODELS, Lost, Trained
from nlu.gate import Refusal
from storage import learning, nlu_models, operations
from storage.tables import evidence_entry, nlu_model
from tests.handlers.citizen.talk import Shelf as Catalogue
from tests.handlers.staff.learning.conftest import (
    BIRTH,
    MARRIAGE,
    QUESTIONS,
    Office,
)
from tests.storage.lessons import model, use
from tests.storage.rows import UNIT

TODAY = date(2026, 11, 23)
STRANGE = "cho cái tí nhà tui lên tờ đầu đời"
OTHER = "xin con dấu đỏ vô bản chụp"


async def approve(office: Office, text: str, code: str = BIRTH) -> str:
    """Approve a sentence that a citizen said."""
    lesson_id = await office.say(text, code)
    shelf = Catalogue()
    return await review.approve(office.desk, lesson_id, Approval(text), shelf)


async def train(
    office: Office, *, hold: bool = False, files: Sequence[Path] = QUESTIONS
) -> Trained:
    """Train on the small catalogue and the small regression."""
    office.clock.advance(ms=10)
    return await training.run(
        office.desk, office.shelf, TODAY, hold=hold, questions=files
    )


async def speaking(office: Office) -> str | None:
    """Return the model that the service would speak with."""
    desk = office.desk
    return (await in_force.load(desk.database, UNIT, desk.keys)).model_id


async def test_a_better_model_goes_live(office: Office) -> None:
    """What was approved is learnt, measured, signed, in force and proved."""
    await approve(office, STRANGE)
    done = await train(office)
    desk = office.desk
    found = await in_force.load(desk.database, UNIT, desk.keys)

    assert done.is_live
    assert done.refusals == ()
    assert done.comparison.new_right > done.comparison.old_right
    assert found.artefact is not None
    assert found.artefact.examples == {BIRTH: (STRANGE,)}
    assert (await office.tags())[-2:] == [
        "staff:model:trained",
        "staff:model:made_live",
    ]
    (row,) = await office.rows(nlu_model)
    assert STRANGE.encode() not in row["sealed"]
    assert json.loads(row["metrics"])["refusals"] == []
    entry = (await office.rows(evidence_entry))[-2]
    leaf = json.loads(entry["leaf"])
    assert leaf["data"]["sha256"] == row["sha256"]
    assert leaf["data"]["passed"] is True


async def test_nothing_approved_is_nothing_new(office: Office) -> None:
    """Training on nothing measures, and changes and notes nothing."""
    done = await train(office)

    assert (done.model_id, done.refusals) == ("", (Refusal.NOTHING_NEW,))
    assert done.comparison.new.first is not None
    assert await office.rows(nlu_model) == []
    assert await office.tags() == []


async def test_a_worse_model_waits_outside(office: Office, tmp_path: Path) -> None:
    """A lesson that costs as much as it gains does not go live, nor by hand."""
    file = tmp_path / "strange.jsonl"
    file.write_text(json.dumps({"q": STRANGE, "gold": [BIRTH]}), encoding="utf-8")
    files = [*QUESTIONS, file]
    right = await approve(office, STRANGE)
    good = await train(office, files=files)
    await review.reject(office.desk, right)
    await approve(office, STRANGE, MARRIAGE)
    done = await train(office, files=files)

    assert good.is_live
    assert done.refusals == (Refusal.NOTHING_GAINED,)
    assert done.otherwise == ((STRANGE, BIRTH),)
    assert done.lost == (Lost(STRANGE, MARRIAGE, (STRANGE,)),)
    assert await speaking(office) == good.model_id
    assert (await office.tags())[-1] == "staff:model:trained"
    with pytest.raises(NotPassedError):
        await live.make_live(office.desk, done.model_id)


async def test_counts_alone_must_prove_themselves(office: Office) -> None:
    """A prior learnt from taps goes live only when the questions are read better."""
    counts = [use(BIRTH, count=50), use("1.000894", count=20)]
    await office.desk.database.write(lambda c: learning.count_use(c, counts))
    done = await train(office)

    assert done.refusals == (Refusal.NOTHING_GAINED,)
    assert done.comparison.fresh == 0
    assert await speaking(office) is None


async def test_a_held_model_goes_live_by_hand(office: Office) -> None:
    """With an approval step between: trained and passed, then made live."""
    await approve(office, STRANGE)
    done = await train(office, hold=True)
    assert (done.refusals, done.is_live) == ((), False)
    assert await speaking(office) is None
    await live.make_live(office.desk, done.model_id)

    assert await speaking(office) == done.model_id
    assert (await office.tags())[-1] == "staff:model:made_live"
    with pytest.raises(ModelUnknownError):
        await live.make_live(office.desk, "m9")


async def test_a_model_measured_against_another_is_stale(office: Office) -> None:
    """What beat a model that is not in force any more has beaten nobody."""
    await approve(office, STRANGE)
    held = await train(office, hold=True)
    await train(office)

    with pytest.raises(StaleModelError):
        await live.make_live(office.desk, held.model_id)


async def test_one_command_takes_it_back(office: Office) -> None:
    """Back to the model before, then to what ships with us, then there is no more."""
    await approve(office, STRANGE)
    first = await train(office)
    await approve(office, OTHER, "2.000815")
    second = await train(office)
    assert await speaking(office) == second.model_id

    assert await live.roll_back(office.desk) == first.model_id
    assert await speaking(office) == first.model_id
    assert await live.roll_back(office.desk) is None
    assert await speaking(office) is None
    with pytest.raises(NothingLiveError):
        await live.roll_back(office.desk)
    assert (await office.tags())[-2:] == ["staff:model:rolled_back"] * 2
    versions = await live.listed(office.desk)
    assert [(v.model_id, v.status, v.rolled_back) for v in versions] == [
        (second.model_id, "retired", True),
        (first.model_id, "retired", True),
    ]


async def test_what_was_taken_back_does_not_return_by_itself(office: Office) -> None:
    """The same lessons are not put in force again until somebody changes them."""
    await approve(office, STRANGE)
    await train(office)
    await live.roll_back(office.desk)
    again = await train(office)
    await approve(office, OTHER, "2.000815")
    more = await train(office)

    assert again.refusals == (Refusal.TAKEN_BACK,)
    assert not again.is_live
    assert more.is_live


async def test_the_figures_of_the_live_model_are_not_measured_twice(
    office: Office,
) -> None:
    """Over the same questions and catalogue, the old figures are taken from the row."""
    await approve(office, STRANGE)
    await train(office)
    marked = json.loads((await office.rows(nlu_model))[0]["metrics"])
    marked["new"] |= {"first": 0.125, "missed": [[1, ""]]}
    marked["since"] |= {"first": 0.25, "missed": []}
    told = json.dumps(marked).encode()
    await office.desk.database.write(
        lambda c: c.execute(update(nlu_model).values(metrics=told))
    )
    await approve(office, OTHER, "2.000815")

    found = (await train(office)).comparison
    assert found.old.first == 0.125
    assert found.old.missed == ((1, ""),)
    assert found.since.first == 0.25
    assert found.lost == ()


async def test_a_withdrawn_example_is_unlearnt_everywhere(office: Office) -> None:
    """The next model is without it, and no older one that holds it is kept."""
    example_id = await approve(office, STRANGE)
    first = await train(office)
    await review.reject(office.desk, example_id)
    done = await train(office)

    assert done.is_live
    assert done.comparison.withdrawn == 1
    assert [row["model_id"] for row in await office.rows(nlu_model)] == [done.model_id]
    assert done.model_id != first.model_id
    assert await live.roll_back(office.desk) is None


@pytest.mark.parametrize(
    "column", ["sealed", "sha256", "signature", "model_id"], ids=str
)
async def test_a_changed_byte_is_refused(office: Office, column: str) -> None:
    """The one before speaks on, staff are told once, the forgery is never used."""
    await approve(office, STRANGE)
    first = await train(office)
    await approve(office, OTHER, "2.000815")
    second = await train(office)
    (row,) = [
        r for r in await office.rows(nlu_model) if r["model_id"] == second.model_id
    ]
    kind = nlu_model.c[column].type
    assert isinstance(kind, LargeBinary | String)
    value = row[column]
    flipped = (
        bytes([value[0] ^ 1]) + value[1:]
        if isinstance(value, bytes)
        else ("1" if value[0] == "0" else "0") + value[1:]
    )
    mine = nlu_model.c.model_id == second.model_id
    desk = office.desk
    await desk.database.write(
        lambda c: c.execute(update(nlu_model).where(mine).values({column: flipped}))
    )
    found = await in_force.load(desk.database, UNIT, desk.keys)
    for _ in range(2):
        await desk.database.write(
            lambda c: in_force.tell_staff(c, UNIT, found, desk.ids, 5)
        )

    assert found.model_id == first.model_id
    assert len(found.damaged) == 1
    (notice,) = await desk.database.read(operations.open_notices)
    assert (notice["kind"], notice["subject"]) == (
        "nlu_model_damaged",
        found.damaged[0],
    )
    assert await live.roll_back(desk) == first.model_id


async def test_a_damaged_model_is_not_made_live(office: Office) -> None:
    """Not even by hand."""
    await approve(office, STRANGE)
    held = await train(office, hold=True)
    await office.desk.database.write(
        lambda c: c.execute(update(nlu_model).values(signature="0" * 32))
    )

    with pytest.raises(ModelDamagedError):
        await live.make_live(office.desk, held.model_id)


async def test_without_questions_nothing_is_trained(office: Office) -> None:
    """No regression, no gate: nothing goes live unmeasured."""
    await approve(office, STRANGE)
    with pytest.raises(QuestionsMissingError):
        await training.run(office.desk, office.shelf, TODAY, questions=[])

    assert await office.rows(nlu_model) == []


async def test_old_models_are_let_go(office: Office) -> None:
    """The newest and those in line stay; a long row of trials does not pile up."""

    def work(connection: Connection) -> None:
        for number in range(KEPT_MODELS + 4):
            nlu_models.add(connection, model(f"m{number:02}"))
        nlu_models.go_live(connection, UNIT, "m01", expected=None, now=5)
        nlu_models.go_live(connection, UNIT, "m02", expected="m01", now=5)
        training.tidy(connection, UNIT, is_withdrawal=False)

    await office.desk.database.write(work)
    kept = {row["model_id"] for row in await office.rows(nlu_model)}
    newest = {f"m{number:02}" for number in range(4, KEPT_MODELS + 4)}

    assert kept == newest | {"m01", "m02"}
