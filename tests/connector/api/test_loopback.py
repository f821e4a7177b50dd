"""The page to which the browser comes back: the script that hands the token over, run for real."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator

import httpx
import pytest

from connector.api.loopback import Loopback, Pages, redirect_uri
from connector.api.sign_in_errors import NobodyCame, PortTaken
from connector.api.signing_in import Flow

PAGES = Pages("ru", "Архив <b>", "Готово & всё", 'Не "вышло"', "Идёт", "Нужен JavaScript")
# What a browser gives to a page's script, over the real loopback.
NODE = """
const [base, html] = process.argv.slice(1), texts = {text: {textContent: ""}};
globalThis.location = {href: base + "?result=success#access_token=tok&state=s"};
globalThis.history = {replaceState: (...all) => { texts.path = all[2]; }};
globalThis.document = {getElementById: (id) => texts[id]};
globalThis.DOMParser = class { parseFromString(page) {
  const text = /<p id="text">(.*?)<\\/p>/.exec(page)[1];
  return {getElementById: () => ({textContent: text})};
} };
const real = globalThis.fetch;
globalThis.fetch = (path, options) => real(new URL(path, base), options);
eval(/<script[^>]*>([^]*)<\\/script>/.exec(html)[1]);
process.on("exit", () => console.log(JSON.stringify(texts)));
"""


@pytest.fixture
def page() -> Iterator[Loopback]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Loopback(port, Flow.IMPLICIT, PAGES) as listening:
        yield listening


def test_what_is_shown_is_text_and_loads_nothing_from_elsewhere(page: Loopback) -> None:
    shown = httpx.get(redirect_uri(page.port), trust_env=False, timeout=60)
    assert "Архив &lt;b&gt;" in shown.text
    nonce = re.findall(r'nonce="(.+?)"', shown.text)
    policy = shown.headers["Content-Security-Policy"]
    assert policy == f"default-src 'none'; script-src 'nonce-{nonce[0]}'; connect-src 'self'"
    again = httpx.get(redirect_uri(page.port), trust_env=False, timeout=60)
    assert re.findall(r'nonce="(.+?)"', again.text) != nonce


@pytest.mark.skipif(shutil.which("node") is None, reason="needs nodejs")
@pytest.mark.parametrize(("good", "text"), [(True, "Готово &amp; всё"), (False, "Не &quot;вышло&quot;")])
def test_the_script_hands_over_the_fragment_forgets_it_and_shows_how_it_ended(
    page: Loopback, good: bool, text: str
) -> None:
    html = httpx.get(redirect_uri(page.port), trust_env=False, timeout=60).text
    addresses: list[str] = []

    def program() -> None:
        back = page.wait(30)
        addresses.append(back.address)
        back.show(good=good)

    thread = threading.Thread(target=program)
    thread.start()
    ended = subprocess.run(
        ["node", "-e", NODE, redirect_uri(page.port), html], capture_output=True, text=True, timeout=30,
        encoding="utf-8",
    )  # fmt: skip
    thread.join()
    assert addresses == [redirect_uri(page.port) + "?result=success#access_token=tok&state=s"], ended.stderr
    assert f'"textContent":"{text}"' in ended.stdout.replace('\\"', '"').replace("\\", "")
    assert '"path":"/"' in ended.stdout


def test_a_body_without_end_is_not_read(page: Loopback) -> None:
    answer = httpx.post(redirect_uri(page.port), content=b"x" * 20_000, trust_env=False, timeout=60)
    assert answer.status_code == 404
    with pytest.raises(NobodyCame):
        page.wait(0.01)


def test_only_this_machine_is_listened_to(page: Loopback) -> None:
    assert page._server.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_told(page: Loopback) -> None:
    with pytest.raises(PortTaken) as caught:
        Loopback(page.port, Flow.CODE, PAGES)
    assert caught.value.port == page.port


def test_a_page_that_was_left_frees_its_port(page: Loopback) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for _ in range(2):
        with Loopback(port, Flow.CODE, PAGES):
            pass
