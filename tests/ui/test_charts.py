import pytest

from icargos.ui.charts import Month, Slice, bars, donut


def months(*figures: tuple[int, int]) -> list[Month]:
    last = len(figures) - 1
    return [Month(f"m{at}", done, back, "#", at == last) for at, (done, back) in enumerate(figures)]


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (0, ["0", "1", "2", "3", "4"]),
        (3, ["0", "1", "2", "3", "4"]),
        (7, ["0", "2", "4", "6", "8"]),
        (95, ["0", "25", "50", "75", "100"]),
        (11_672, ["0", "3k", "6k", "9k", "12k"]),
        (90_000, ["0", "25k", "50k", "75k", "100k"]),
    ],
)
def test_the_scale_ends_at_a_round_figure_above_the_highest(highest: int, labels: list[str]) -> None:
    assert [label for _y, label in bars(months((highest, 0)), 760, 258).rules] == labels


def test_columns_stand_on_the_base_and_stay_inside_the_box() -> None:
    chart = bars(months((6840, 520), (10930, 742), (7908, 472)), 760, 258)
    for column in chart.columns:
        assert column.delivered_y + column.delivered_height == pytest.approx(chart.base, abs=0.2)
        assert 0 <= column.returned_y <= column.delivered_y
        assert 36 <= column.x < column.x + column.width <= 760


def test_only_the_highest_and_the_unfinished_month_carry_a_total() -> None:
    chart = bars(months((100, 0), (300, 0), (200, 0)), 760, 258)
    assert [column.total for column in chart.columns] == ["", "300", "200"]


def test_a_chart_without_months_or_figures_is_empty_not_broken() -> None:
    assert bars([], 760, 258).columns == []
    assert [column.total for column in bars(months((0, 0), (0, 0)), 340, 220).columns] == ["", ""]


def test_shares_of_the_ring_add_up_and_zero_has_no_arc() -> None:
    arcs = donut([Slice("a", 75, "done", "#"), Slice("b", 25, "move", "#"), Slice("c", 0, "warn", "#")])
    assert [arc.share for arc in arcs] == ["75.0%", "25.0%", "0.0%"]
    assert arcs[0].path
    assert arcs[1].path
    assert arcs[2].path == ""


def test_one_share_alone_is_a_whole_ring_and_none_at_all_is_nothing() -> None:
    assert donut([Slice("a", 5, "done", "#")])[0].path.count("A78 78") == 1
    assert [arc.path for arc in donut([Slice("a", 0, "done", "#")])] == [""]
