"""What people see of a model with smaller vectors."""

import json

import pytest

from embviz.evaluation.compression import (
    BINARY,
    COMPONENTS,
    FIRST,
    FULL,
    INT8,
    RANDOM,
    RESCORED,
    CompressedModel,
    CompressionTest,
)
from embviz.views.compression import (
    compression_figure,
    compression_table,
    note_measures,
    summarise_compression,
    view_compression,
)

MILLION = 10**6
ROWS = (
    CompressedModel("full", FULL, 384, 32, 1_536 * MILLION, 0.8, 0.9),
    CompressedModel("first-192", FIRST, 192, 32, 768 * MILLION, 0.6, 0.81),
    CompressedModel("first-64", FIRST, 64, 32, 256 * MILLION, 0.4, 0.45),
    CompressedModel("components-192", COMPONENTS, 192, 32, 768 * MILLION, 0.7, 0.9),
    CompressedModel("random-192", RANDOM, 192, 32, 768 * MILLION, 0.5, 0.7),
    CompressedModel("int8", INT8, 384, 8, 384 * MILLION, 0.8, 0.9),
    CompressedModel("binary", BINARY, 384, 1, 48 * MILLION, -0.08, 0.6),
    CompressedModel("binary-rescored", RESCORED, 384, 1, 48 * MILLION, 0.1, 0.7),
)
TEST = CompressionTest(ROWS, 30)


def test_the_sentence_says_what_half_of_the_numbers_and_one_bit_keep():
    assert summarise_compression(TEST) == (
        "This model describes a text by 384 numbers, which take 1,536 bytes. The first 192 keep "
        "75.0 % of its agreement with people and 90.0 % of the quality of its search (nDCG@10). "
        "One bit of each number, 48 bytes, keeps 0.0 % of its agreement with people and 66.7 % of "
        "the quality of its search (nDCG@10)."
    )


def test_a_model_without_agreement_keeps_no_share_of_it():
    full = CompressedModel("full", FULL, 384, 32, 1_536 * MILLION, 0.0, 0.0)
    sentence = summarise_compression(CompressionTest((full, *ROWS[1:]), 30))
    assert sentence == "This model describes a text by 384 numbers, which take 1,536 bytes."
    table = compression_table(CompressionTest((full, *ROWS[1:]), 30))
    assert table.rows[1][5] == table.rows[1][7] == ""


def test_a_model_of_one_dimension_has_no_half():
    rows = (
        CompressedModel("full", FULL, 1, 32, 4 * MILLION, 0.1, 0.2),
        CompressedModel("binary", BINARY, 1, 1, MILLION, 0.1, 0.2),
    )
    sentence = summarise_compression(CompressionTest(rows, 1))
    assert "The first" not in sentence
    assert compression_figure(CompressionTest(rows, 1)).layout.xaxis.tickvals == (
        4 * MILLION,
        2 * MILLION,
        MILLION,
    )


def test_the_note_says_how_much_one_query_weighs():
    note = note_measures(TEST)
    assert "mean of only 30 queries" in note
    assert "move it by 0.033" in note
    assert "1 is the same order, 0 is no relation" in note


def test_the_table_has_every_row_with_what_it_keeps():
    table = compression_table(TEST)
    assert len(table.rows) == len(ROWS)
    assert table.rows[0] == (FULL, 384, 32, 1_536, 0.8, "100.0 %", 0.9, "100.0 %")
    assert table.rows[2] == (FIRST, 64, 32, 256, 0.4, "50.0 %", 0.45, "50.0 %")
    assert all(len(row) == len(table.headers) for row in table.rows)


def test_the_figure_has_a_line_a_method_against_the_size_and_the_model_as_a_dashed_line():
    figure = compression_figure(TEST)
    upper, lower = figure.data[:7], figure.data[7:]
    assert [trace.name for trace in upper] == [trace.name for trace in lower]
    by_name = {trace.name: trace for trace in upper}
    assert by_name[FIRST].x == (768 * MILLION, 256 * MILLION)
    assert by_name[FIRST].y == (0.6, 0.4)
    assert {trace.name: trace for trace in lower}[FIRST].y == (0.81, 0.45)
    assert by_name[BINARY].customdata == ("384 numbers of 1 bit",)
    assert [trace.showlegend for trace in (upper[0], lower[0])] == [True, False]
    assert [(line.y0, line.y1, line.line.dash) for line in figure.layout.shapes] == [
        (0.8, 0.8, "dash"),
        (0.9, 0.9, "dash"),
    ]
    # No two methods look the same.
    assert len({(t.marker.color, t.marker.symbol) for t in upper}) == len(upper)


def test_the_scale_halves_the_size_at_each_mark_and_nothing_lies_outside():
    figure = compression_figure(TEST)
    axis = figure.layout.xaxis2
    assert axis.type == "log"
    assert axis.ticktext == ("1,536", "768", "384", "192", "96", "48")
    low, high = (10**end for end in axis.range)
    assert low < 48 * MILLION < 1_536 * MILLION < high
    assert figure.layout.yaxis.range == (-0.08, 1)
    assert figure.layout.yaxis2.range == (0, 1)


def test_the_figure_is_plain_json_on_no_background():
    figure = compression_figure(TEST)
    assert "bdata" not in json.dumps(figure.to_plotly_json(), allow_nan=False)
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"


@pytest.mark.parametrize("said", ["90.8 %", "93.8 %", "2024", "2508.17744", "mean of five draws"])
def test_what_others_found_stands_beside_it(said):
    assert said in " ".join(view_compression(TEST).notes)


def test_the_view_has_what_a_task_can_check():
    assert view_compression(TEST).facts == {"smallest_good": 192}
