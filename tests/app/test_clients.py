"""The clients of examples/clients, each run against the app."""

import ast
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from test_endpoints import ENDPOINTS

ROOT = Path(__file__).parent.parent.parent
CLIENTS = ROOT / "examples" / "clients"
ADDRESS = "http://127.0.0.1:7860"


def find(program):
    path = shutil.which(program)
    if path is None:
        reason = f"No {program} found: install it to test the client that needs it."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def run(*command):
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.fixture(scope="module")
def refusal(post):
    status, answer = post("solve", "king -")
    assert status == 422
    return answer["error"]


@pytest.mark.parametrize(
    ("program", "name"),
    [(sys.executable, "client.py"), ("node", "client.mjs")],
    ids=["python", "javascript"],
)
@pytest.mark.parametrize("ending", ["", "/"], ids=["address", "address/"])
def test_client_prints_one_line_each(app_url, ask, refusal, program, name, ending):
    percentiles = [
        f"{ask('compare', 'king', 'queen', *model)['percentile']:.1f} %"
        for model in ((), ("wordllama",))
    ]
    assert len(set(percentiles)) == 2
    assert run(find(program), CLIENTS / name, app_url + ending) == [
        f"0.681: {ask('compare', 'king', 'queen')['reading']}",
        f"Higher than {' and '.join(percentiles)}",
        "king - male + female: queen (0.705)",
        f"Refused: {refusal}",
    ]


def test_curl_prints_json(app_url, refusal):
    find("curl")
    lines = run("bash", CLIENTS / "client.sh", f"{app_url}/")
    compared, by_another, solved, refused = map(json.loads, lines)
    assert round(compared["data"][0]["similarity"], 3) == 0.681
    assert round(by_another["data"][0]["similarity"], 3) == 0.341
    best = solved["data"][0]["matches"][0]
    assert (best["text"], round(best["similarity"], 3)) == ("queen", 0.705)
    assert refused == {"error": refusal}


def test_javascript_client_runs_in_a_browser(app_url, browser, refusal):
    source = (CLIENTS / "client.mjs").read_text()
    script = """async (source) => {
      const file = new Blob([source], { type: "text/javascript" });
      const { ask } = await import(URL.createObjectURL(file));
      const [comparison] = await ask(location.origin, "compare", "king", "queen");
      const drawn = await ask(location.origin, "plot_compare", "king", "queen");
      const message = (error) => error.message;
      const refused = await ask(location.origin, "solve", "king -").catch(message);
      const lost = await ask(`${location.origin}/lost`, "solve", "king").catch(message);
      return [comparison.similarity, drawn.length, refused, lost];
    }"""
    page = browser.new_page()
    try:
        page.goto(f"{app_url}/gradio_api/info")
        # Not the app but something else answers there, as a proxy may.
        page.route("**/lost/**", lambda route: route.fulfill(status=404, body="lost"))
        similarity, answers, refused, lost = page.evaluate(script, source)
    finally:
        page.close()
    assert round(similarity, 3) == 0.681
    assert answers == 2
    assert refused == refusal
    assert re.fullmatch(r"No answer from the app, but status 40\d\.", lost)


def test_mcp_configuration_leads_to_the_tools(app_url):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    (server,) = json.loads((CLIENTS / "mcp.json").read_text())["mcpServers"].values()
    assert server["type"] == "http"
    assert server["url"].startswith(ADDRESS)

    async def call():
        async with (
            streamable_http_client(server["url"].replace(ADDRESS, app_url)) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            answer = await session.call_tool("compare", {"text_a": "king", "text_b": "queen"})
            return {tool.name for tool in tools}, answer

    # In a thread of its own, since the browser's tests leave an event loop running in this one.
    with ThreadPoolExecutor() as threads:
        tools, answer = threads.submit(asyncio.run, call()).result()
    assert tools == set(ENDPOINTS)
    # Gradio writes what a tool returns as a Python literal, not as JSON.
    assert round(ast.literal_eval(answer.content[0].text)["similarity"], 3) == 0.681


def test_clients_and_readme_name_the_same_files_and_address():
    api = (ROOT / "README.md").read_text().split("## The API")[1].split("\n## ")[0]
    files = {path.name for path in CLIENTS.iterdir() if path.is_file()}
    assert set(re.findall(r"`((?:client|mcp)\.\w+)`", api)) == files
    for text in [api, *((CLIENTS / name).read_text() for name in files)]:
        assert set(re.findall(r"http://[\w.]+:\d+", text)) == {ADDRESS}
