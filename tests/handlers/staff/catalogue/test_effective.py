"""What is in force, what is hidden, and what does the search see?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.ports import Catalogue
from handlers.staff.catalogue.effective import UnitCatalogue, build, seed_catalogue
from handlers.staff.catalogue.model import Layer, canonical
from messages import seed
from nlu.model import Entry
from tests.handlers.staff.catalogue.records import ours

LOCAL, TWIN = "1.115000", "1.012000"


def bodies(**layers: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield records as the database gives them."""
    for layer, records in layers.items():
        for record in records:
            yield layer, record["code"], canonical(record)


def made(replaced: dict[str, str] | None = None, **layers: Any) -> UnitCatalogue:
    """Build a catalogue of these layers."""
    return build(bodies(**layers), replaced or {})


def test_a_catalogue_is_the_port_of_the_handlers() -> None:
    """Handlers may be given it as it is."""
    port: Catalogue = made(base=[ours()])
    found = port.get("1.000001")

    assert found is not None
    assert port.get("1.000001") is found
    assert port.get("9.999999") is None


def test_entries_carry_what_the_search_needs() -> None:
    """Names, examples, place and how often it is asked reach the index."""
    found = made(
        base=[
            ours(official_name="Thủ tục thử", aliases=["cân"], examples=["hỏi"])
            | {"core": True},
            ours("1.000002", levels=["tinh"]),
        ]
    )

    assert found.entries() == [
        Entry(
            "1.000001",
            "Thử cân",
            ("Thủ tục thử", "cân"),
            ("hỏi",),
            "Đo lường",
            commune=True,
            prior=1.0,
        ),
        Entry("1.000002", "Thử cân", field="Đo lường", commune=False),
    ]


def test_the_local_code_replaces_the_national_one() -> None:
    """The nation's code is hidden from search and leads to the city's."""
    found = made(
        {TWIN: LOCAL},
        base=[ours(LOCAL, name="Cấp đổi sổ")],
        national=[ours(TWIN, name="Cấp đổi Giấy chứng nhận")],
    )
    answer = found.get(TWIN)

    assert answer is not None
    assert answer.code == LOCAL
    assert [entry.code for entry in found.entries()] == [LOCAL]
    assert [p.code for p in found.all()] == [LOCAL]
    assert found.entries()[0].aliases == ("Cấp đổi Giấy chứng nhận",)


def test_a_replaced_code_answers_before_any_national_import() -> None:
    """A citizen who pastes the national code is understood from the first day."""
    answer = made({TWIN: LOCAL}, base=[ours(LOCAL)]).get(TWIN)

    assert answer is not None
    assert answer.code == LOCAL


def test_without_the_local_procedure_the_national_one_stays() -> None:
    """A commune of another city, without the local record, keeps the nation's."""
    found = made({TWIN: LOCAL}, national=[ours(TWIN)])

    assert [p.code for p in found.all()] == [TWIN]


def test_twins_that_we_wrote_ourselves_both_stay() -> None:
    """Two authorities' records of one service are both ours and both answer."""
    found = made(
        base=[ours(LOCAL, twins=["1.115001"]), ours("1.115001", twins=[LOCAL])]
    )

    assert [p.code for p in found.all()] == [LOCAL, "1.115001"]


def test_a_listed_twin_of_the_nation_is_hidden() -> None:
    """A record may name the national code it stands for."""
    found = made(base=[ours(LOCAL, twins=[TWIN])], national=[ours(TWIN)])

    assert [entry.code for entry in found.entries()] == [LOCAL]


def test_a_national_code_the_commune_edited_is_not_hidden() -> None:
    """What a commune wrote about a code is always shown."""
    found = made(
        {TWIN: LOCAL},
        base=[ours(LOCAL)],
        national=[ours(TWIN)],
        commune=[{"code": TWIN, "place": "Quầy 1"}],
    )

    assert {p.code for p in found.all()} == {LOCAL, TWIN}


def test_edits_of_a_vanished_procedure_are_left_out() -> None:
    """A fee without a procedure is nothing to show and nothing to fail on."""
    found = made(commune=[{"code": "1.000001", "fee": {"text": "5.000 đồng"}}])

    assert len(found) == 0
    assert found.get("1.000001") is None


def test_the_seed_alone_works_without_a_database() -> None:
    """All seed procedures are there, and every replaced code answers locally."""
    found = seed_catalogue()

    assert len(found) == len(seed.procedures())
    for national, local in seed.replaced().items():
        answer = found.get(national)
        assert answer is not None
        assert answer.code == local


def test_layers_have_the_names_the_database_knows() -> None:
    """The names are stored, so they are final."""
    assert [layer.value for layer in Layer] == ["base", "national", "commune"]
