"""What the README says is true: its blocks run, its tables and its card are the app's."""

import re
from pathlib import Path

import pytest
import yaml
from readme_table import replace_table

import embviz.models.loading
from embviz.capabilities import ENDPOINTS
from embviz.inputs import limits as of_visitor
from embviz.models.encoder import CACHE_BYTES
from embviz.server import request_limits as limits
from embviz.server.connections import SECONDS_FOR_HEADERS
from embviz.server.sessions import MAX_SESSIONS

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()
CARD = yaml.safe_load(README.split("---")[1])


# What is given for the arguments that have no default.
GIVEN = {
    **dict.fromkeys(("text_a", "text_b", "expression", "query"), "king"),
    "texts": "king, queen, sea",
    "word": "king",
    "sentences": ["the king of spades", "a king in exile"],
    "text": "Bread is baked from flour, water and salt. It has to rise before.",
    "low": "tiny",
    "high": "huge",
    "model_a": "",
    "model_b": "wordllama",
}


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_python_block_runs(capsys):
    (block,) = blocks("python")
    exec(compile(block, "README.md", "exec"), {})
    similarity, word, document = capsys.readouterr().out.splitlines()
    assert float(similarity) == pytest.approx(0.6807128, abs=2e-7)
    assert word == "kitten"
    assert document == "How to bake bread"


def test_curl_line_answers(post):
    (curl,) = (block for block in blocks("bash") if block.startswith("curl"))
    (name,) = re.findall(r"/gradio_api/run/(\w+)", curl)
    (body,) = re.findall(r"-d '(.*)'", curl)
    status, answer = post(name, body=body.encode())
    assert status == 200
    assert answer["data"][0]["matches"][0]["text"] == "queen"


def test_endpoint_table_is_written_by_the_code():
    assert replace_table(README) == README, "write it again: python -m tests.readme_table"


def test_endpoints_answer_what_the_table_says(post):
    rows = re.findall(r"^\| `/(\w+)` \| (.*?)\s*\| (.*?) \|$", README, flags=re.MULTILINE)
    for name, arguments, answer in rows:
        given = [
            GIVEN[argument] for argument in re.findall(r"`(\w+)`", arguments) if argument in GIVEN
        ]
        data = post(name, *given)[1]["data"]
        if answer.startswith("a list of"):
            data = data[0]
        assert list(data[0]) == re.findall(r"`(\w+)`", answer)


def test_endpoints_that_draw_answer_a_figure_and_a_table(post):
    row = next(line for line in README.splitlines() if "a Plotly figure and a table" in line)
    names = re.findall(r"`/(plot_\w+)`", row)
    assert names == [e.name for e in ENDPOINTS if e.name.startswith("plot_")]
    for name in names:
        arguments = ["king, queen"] * (2 if name == "plot_compare" else 1)
        data = post(name, *arguments)[1]["data"]
        assert [set(part) >= {"data"} for part in data] == [True, True]


def test_the_two_commands_are_those_that_are_tested():
    run, test = (block.strip() for block in blocks("bash") if "-m venv" in block)
    assert test in (ROOT / ".ci" / "run").read_text().splitlines()
    assert run == test.replace("tests/requirements.txt", "requirements.txt").replace(
        "-m pytest", "app.py"
    )


def test_limits_are_those_of_the_service(encoder):
    limits = README.split("## What to know")[1]
    assert f"first {encoder.max_tokens} tokens" in limits
    assert (
        f"{of_visitor.MAX_WORDS} words for the heat map, {of_visitor.MAX_CANDIDATES} candidates, "
        f"{of_visitor.MAX_DOCUMENTS} documents or {of_visitor.MAX_EMBEDDED_TEXTS} texts to embed"
    ) in limits
    assert f"at most {of_visitor.MAX_CHARACTERS:,} characters" in limits.replace("\n  ", " ")


def test_limits_of_a_class_are_those_of_the_server():
    guide = (ROOT / "examples" / "README.md").read_text()
    paragraph = guide.split("## Running embviz for a class")[1].split("\n## ")[0]
    assert f"hold {limits.MAX_BODY // 10**6} MB" in paragraph
    assert f"{limits.RATE.amount:,} requests in {limits.RATE.get_expiry()} seconds" in paragraph
    assert f"within {SECONDS_FOR_HEADERS} seconds" in paragraph
    assert f"within {limits.SECONDS_FOR_BODY} (status 408)" in paragraph
    assert f"hold {limits.MAX_BODIES // 10**6} MB" in paragraph
    assert f"{MAX_SESSIONS} sessions" in paragraph
    assert f"up to {CACHE_BYTES // 10**6} MB" in paragraph
    assert f"{limits.MAX_WAITING} whole requests may wait" in paragraph


def test_card_is_complete_and_true():
    requirements = (ROOT / "requirements.txt").read_text()
    assert f"gradio[mcp]=={CARD['sdk_version']}\n" in requirements
    assert CARD["sdk"] == "gradio"
    assert isinstance(CARD["python_version"], str)
    assert (ROOT / CARD["app_file"]).exists()
    assert CARD["models"] == [embviz.models.loading.DEFAULT_MODEL]
    assert 0 < len(CARD["short_description"]) <= 60
    assert {"title", "emoji", "colorFrom", "colorTo", "license", "tags"} <= set(CARD)


def test_pictures_exist():
    for picture in re.findall(r"!\[[^\]]+\]\((.*?)\)", README):
        assert (ROOT / picture).exists(), picture
