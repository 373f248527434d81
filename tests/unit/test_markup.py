import numpy as np

from embviz.analysis.attribution import Explanation
from embviz.course.schema import Slider, Step
from embviz.ui.guided_markup import revealed_html
from embviz.ui.markup import table_html, tokens_html
from embviz.ui.section import CLOSED
from embviz.ui.similarity import _show_comparison
from embviz.views.table import Table


def test_a_cell_that_rounds_to_zero_has_no_sign():
    html = table_html(Table("Scores", ("Score",), ((-0.0004,), (-0.0006,))))
    assert ">0.000</td>" in html
    assert ">-0.001</td>" in html


def test_a_share_that_rounds_to_zero_has_no_sign():
    shares = np.array([[-0.00004, 0.5]])
    html = tokens_html(Explanation("a", "b c", ("a",), ("b", "c"), shares, 0.5), "A", "B")
    assert 'title="0.0000"' in html
    assert 'title="-0.0000"' not in html


def test_the_answer_to_a_step_that_rounds_to_zero_has_no_sign():
    step = Step.model_construct(
        truth="similarity",
        slider=Slider(low=-1, high=1, step=0.01),
        explanation=(),
        source=None,
    )
    assert "<strong>0.000</strong>" in revealed_html(step, 0, -0.0004)


def test_a_similarity_that_rounds_to_zero_has_no_sign(service):
    similarity = service.compare("especially", "finished").similarity
    assert -0.0005 < similarity < 0
    reading, *_ = _show_comparison(service, "especially", "finished", CLOSED)
    assert "<dd>0.000</dd>" in reading
