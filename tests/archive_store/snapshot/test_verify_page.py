"""verify.html in a real Chromium, from ``file://``: what it counts and names is what the verifier does."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from archive_store import schema, texts
from archive_store.signatures.keys import KeyRing
from archive_store.snapshot import verifier
from archive_store.snapshot.edition import Stage
from archive_store.snapshot.page import verify_page
from archive_store.snapshot.passport import Origin, Passport, Subject
from archive_store.snapshot.readme import read_me
from archive_store.snapshot.seal import Extras
from archive_store.snapshot.verifier import WORDS, verify
from archive_store.store import make_store
from archive_store.year.amending import Amendment, amend_year
from archive_store.year.closing import Order, close_year
from chromium import CHROMIUM, needs_chromium
from handling import (
    JOURNAL,
    MANIFEST,
    MARKS,
    OTHER_JOURNAL,
    PASSPORT,
    SUMMARY,
    TAG_MANIFEST,
    altered,
    copied,
    rehashed,
)
from handling import flipped as _flipped
from small_year import AT, CORRECTED, SCHOOL, YEAR, Slice, fill, night

pytestmark = needs_chromium
Page = Any  # of playwright, which has heavy types
COUNTS = ("bags", "expected", "checked", "ok", "bad", "missing", "destroyed", "extra")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a network: any request but to a file is a failure."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@contextlib.contextmanager
def _opened(browser: Any, place: Path, script: str = "") -> Iterator[Page]:
    """The page of a bag, opened as a person would; nothing goes wrong in it and nothing leaves it."""
    page, asked, errors = browser.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    if script:
        page.add_init_script(script)
    page.goto(place.as_uri())
    yield page
    assert errors == []
    assert all(url.startswith("file:") for url in asked)
    page.close()


def _checked(page: Page, folder: Path) -> tuple[dict[str, int], set[tuple[str, str]]]:
    """Counts and findings after a folder was chosen."""
    page.locator("#folder").set_input_files(str(folder))
    page.locator("#verdict").wait_for(state="visible")
    counts = {name: int(page.locator(f"#count-{name} td").nth(1).text_content()) for name in COUNTS}
    cells = "rows => rows.map(row => [row.dataset.code, row.cells[0].textContent])"
    rows = page.locator("#found tr").evaluate_all(cells)
    return counts, {(code, path) for code, path in rows}


def _by_the_verifier(folder: Path) -> tuple[dict[str, int], set[tuple[str, str]]]:
    report = verify(folder, contents=False)
    counted = {name: getattr(report, name) for name in COUNTS} | {"destroyed": len(report.destroyed)}
    return counted, {(one.code, one.path) for one in report.findings}


def test_a_sound_year_is_sound_and_its_roots_can_be_held_against_the_act(browser: Any, sealed: Path) -> None:
    with _opened(browser, sealed / JOURNAL / "verify.html") as page:
        assert _checked(page, sealed) == _by_the_verifier(sealed)
        assert page.locator("#verdict").text_content() == "АРХИВ ЦЕЛ"
        root = sha256((sealed / JOURNAL / TAG_MANIFEST).read_bytes()).hexdigest()
        assert root in page.locator("#roots").text_content().replace(" ", "")
        page.locator("#paper").fill(" ".join(re.findall(".{8}", root.upper())))
        assert page.locator("#agrees").text_content() == f"Такой корень есть: 2024-2025/{JOURNAL}"
        page.locator("#paper").fill(root[:-1] + ("0" if root[-1] != "0" else "1"))
        assert page.locator("#agrees").text_content() == "Дела с таким корнем здесь нет."
        page.locator("#language").click()
        assert page.locator("#verdict").text_content() == "THE ARCHIVE IS SOUND"
        page.emulate_media(media="print")
        assert not page.locator("#folder").is_visible()
        assert page.locator("#verdict").is_visible()


def _changed_missing_and_extra(year: Path) -> None:
    altered(year / JOURNAL / MARKS, _flipped)
    (year / OTHER_JOURNAL / "data/tables/lesson.csv.gz").unlink()
    (year / SUMMARY / "data/extra.txt").write_text("")


def _a_bag_gone_and_a_strange_one(year: Path) -> None:
    (year / OTHER_JOURNAL).rename(year / "journal-9V-ed01")


def _no_summary(year: Path) -> None:
    shutil.rmtree(year / SUMMARY)


def _manifests_of_every_kind(year: Path) -> None:
    digest = "0" * 64
    lines = [
        "# comment", f"{digest} data/one-space", f"{digest}  data/../../x", f"{digest}  /etc/passwd",
        f"{digest}  data/NUL", f"{digest}  data/tables/MARK.csv.gz", f"{digest}  data/x.",
        f"{digest}  data/{'x' * 300}", f"{digest}  read-me.txt", "",
    ]  # fmt: skip
    altered(year / JOURNAL / MANIFEST, lambda content: content + ("\n".join(lines) + "\n").encode())
    altered(year / OTHER_JOURNAL / TAG_MANIFEST, lambda content: b"\xef\xbb\xbf" + content)
    (year / SUMMARY / TAG_MANIFEST).unlink()
    (year / OTHER_JOURNAL / "bagit.txt").write_text("BagIt-Version:  1.0\n")


def _lists_of_other_kinds_and_labels_not_in_utf8(year: Path) -> None:
    (year / JOURNAL / "fetch.txt").write_text("http://localhost/x - data/x\n")
    rehashed(year / JOURNAL)
    (year / OTHER_JOURNAL / "tagmanifest-sha512.txt").write_text("")
    altered(year / SUMMARY / "bag-info.txt", lambda content: content + "Имя: x\n".encode("cp1251"))


def _names_of_a_hostile_source(year: Path) -> None:
    (year / JOURNAL / "data" / "<img src=x onerror=alert(1)>").write_text("")
    passport = json.loads((year / SUMMARY / PASSPORT).read_bytes())
    hostile = {**passport, "bags": {**passport["bags"], "<b>bold</b>": "0" * 64}}
    (year / SUMMARY / PASSPORT).write_text(json.dumps(hostile))


@pytest.mark.parametrize(
    "damage",
    [
        _changed_missing_and_extra,
        _a_bag_gone_and_a_strange_one,
        _no_summary,
        _manifests_of_every_kind,
        _lists_of_other_kinds_and_labels_not_in_utf8,
        _names_of_a_hostile_source,
    ],
)
def test_damage_is_named_as_the_verifier_names_it(
    browser: Any, sealed: Path, year: Path, damage: Callable[[Path], None]
) -> None:
    damage(year)
    with _opened(browser, sealed / JOURNAL / "verify.html") as page:
        counts, found = _checked(page, year)
        assert (counts, found) == _by_the_verifier(year)
        assert found
        assert page.locator("#verdict").text_content() == "АРХИВ ПОВРЕЖДЁН"
        assert page.locator("#found img, #found b, #roots b").count() == 0


def test_it_does_without_web_crypto(browser: Any, sealed: Path, year: Path) -> None:
    """Some browsers withhold it from local pages: then the page's own SHA-256 counts, also across blocks."""
    for size in (0, 55, 56, 63, 64, 65, 119, 4 * 2**20 + 1):
        (year / JOURNAL / f"data/{size}").write_bytes(bytes(n % 251 for n in range(size)))
    made = [path for path in (year / JOURNAL / "data").iterdir() if path.name.isdigit()]
    lines = [f"{sha256(path.read_bytes()).hexdigest()}  data/{path.name}\n" for path in made]
    altered(year / JOURNAL / MANIFEST, lambda content: content + "".join(lines).encode())
    without = "Object.defineProperty(Crypto.prototype, 'subtle', { get() { return undefined; } });"
    with _opened(browser, sealed / JOURNAL / "verify.html", without) as page:
        assert page.evaluate("window.crypto.subtle === undefined")
        assert _checked(page, year) == _by_the_verifier(year)
        changed = {path for code, path in _checked(page, year)[1] if code == "changed"}
    assert changed == {f"2024-2025/{JOURNAL}/{MANIFEST}"}


def test_a_bag_alone_and_a_folder_that_is_none(browser: Any, sealed: Path, bag: Path, tmp_path: Path) -> None:
    with _opened(browser, bag / "verify.html") as page:
        assert _checked(page, bag) == _by_the_verifier(bag)
        (tmp_path / "none").mkdir()
        (tmp_path / "none" / "letter.txt").write_text("")
        assert _checked(page, tmp_path / "none")[0]["bags"] == 0
        assert page.locator("#verdict").text_content() == "ЗДЕСЬ НЕТ ОПЕЧАТАННОГО АРХИВА"


def test_a_renamed_year_is_named_as_the_verifier_names_it(browser: Any, sealed: Path, year: Path) -> None:
    renamed = year.rename(year.parent / "2024-2025 копия")
    with _opened(browser, sealed / JOURNAL / "verify.html") as page:
        for folder in (renamed, renamed.parent):
            counts, found = _checked(page, folder)
            assert (counts, found) == _by_the_verifier(folder)
            assert {code for code, _path in found} == {"year-name"}
            assert page.locator("#verdict").text_content() == "АРХИВ ПОВРЕЖДЁН"


def _note(year: Path, **other: Any) -> None:
    """A note beside the year that the journal of 9А was destroyed when its term was over."""
    lists = json.loads((year / SUMMARY / PASSPORT).read_bytes())
    said = {
        "format": "dnevnik-archive tombstone 1", "school": lists["school"]["id"], "study_year": YEAR,
        "bag": JOURNAL, "root": lists["bags"][JOURNAL], "group": "77", "files": 3, "size": 900, "years": 5,
        "act": 1, "at": "2031-01-20T09:00:00Z",
    }  # fmt: skip
    (year.parent / "destroyed").mkdir(exist_ok=True)
    (year.parent / "destroyed" / "one.json").write_text(json.dumps(said | other))


def test_a_destroyed_bag_is_told_by_its_act_and_counted_by_itself(
    browser: Any, sealed: Path, year: Path
) -> None:
    shutil.rmtree(year / JOURNAL)
    _note(year)
    with _opened(browser, sealed / JOURNAL / "verify.html") as page:
        counts, found = _checked(page, year.parent)
        assert (counts, found) == _by_the_verifier(year.parent)
        assert (counts["destroyed"], counts["missing"], found) == (1, 0, set())
        assert page.locator("#verdict").text_content() == "АРХИВ ЦЕЛ"
        told = page.locator("#destroyed tr").text_content()
        assert told == f"2024-2025/{JOURNAL}акт об уничтожении № 1 от 20.01.2031"
        # Beside the one year that was chosen the page sees nothing, and says where to look.
        assert ("bag-missing", f"2024-2025/{JOURNAL}") in _checked(page, year)[1]
        assert page.locator("#above").is_visible()


@pytest.mark.parametrize(
    "other",
    [
        {"root": "0" * 64}, {"bag": OTHER_JOURNAL}, {"study_year": 2023}, {"school": "77"}, {"act": True},
        {"format": "of another"}, {"group": None}, {"at": "2030-12-30T09:00:00Z"}, {"years": 5.5},
    ],
    ids=str,
)  # fmt: skip
def test_a_note_that_does_not_fit_excuses_nothing_here_either(
    browser: Any, sealed: Path, year: Path, other: dict[str, Any]
) -> None:
    shutil.rmtree(year / JOURNAL)
    _note(year, **other)
    with _opened(browser, sealed / JOURNAL / "verify.html") as page:
        counts, found = _checked(page, year.parent)
        assert (counts, found) == _by_the_verifier(year.parent)
        assert found == {("bag-missing", f"2024-2025/{JOURNAL}")}


def test_the_browser_runs_the_pages_own_script_and_no_other(sealed: Path) -> None:
    page = (sealed / JOURNAL / "verify.html").read_text("utf-8")
    assert page.encode() == verify_page()
    (policy,) = re.findall('Content-Security-Policy" content="([^"]*)"', page)
    for tag in ("script", "style"):
        (inline,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "innerHTML" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert all(words[0] in page for words in WORDS.values())


def test_the_paper_of_a_closing_has_one_name_wherever_the_archive_speaks_of_it() -> None:
    """«Протокол закрытия» is printed at its head: whoever looks for an «акт» does not find it."""
    texts.activate("ru")
    try:
        about = Subject(SCHOOL, "Школа", YEAR, None, None)
        passport = Passport(SUMMARY, about, Origin(1, AT, 1, bytes(32)), 25, "2050-01-01", {}, {}, [], {})
        instructions = read_me(passport).decode()
    finally:
        texts.activate("en")
    for spoken in (instructions, verify_page().decode(), Path(verifier.__file__).read_text("utf-8")):
        assert re.search(r"протокол\w* закрытия", spoken)
        assert not re.search(r"\b[Аа]кт(а|е|у|ом)?\b(?! об уничтожении)", spoken)


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small year in two editions, signed, with the platform's answers in both. Read only."""
    root = tmp_path_factory.mktemp("amended")
    key = KeyRing(root / "signing-key.pem").ensure(AT)
    store = fill(make_store(f"sqlite:///{root / 'archive.sqlite'}"))
    extras = Extras(answers=True)
    with store.begin() as connection:
        order = Order(Stage.FINAL, key=key, extras=extras)
        close_year(connection, SCHOOL, YEAR, root / "sealed", "2025-08-31T09:00:00Z", order)
    night(store, [Slice(schema.MARK, [CORRECTED._replace(value="2")])], "2025-10-15")
    with store.begin() as connection:
        why = Amendment("an error", "No. 1", key=key, extras=extras)
        closing = amend_year(connection, SCHOOL, YEAR, root / "sealed", "2025-10-16T09:00:00Z", why)
    store.dispose()
    return closing.sealed.path


def test_a_year_in_editions_is_followed_bag_by_bag_and_signatures_are_told_of(
    browser: Any, amended: Path, tmp_path: Path
) -> None:
    assert {one.name for one in amended.iterdir()} >= {"journal-9A-ed02", "answers-ed02", "summary-ed02"}
    assert (amended / "journal-9A-ed02/data/changes.csv").is_file()
    assert not (amended / "answers-ed02/data/changes.csv").exists()
    assert verify(amended).sound
    with _opened(browser, amended / "journal-9A-ed02" / "verify.html") as page:
        assert _checked(page, amended) == _by_the_verifier(amended)
        assert page.locator("#verdict").text_content() == "АРХИВ ЦЕЛ"
        said = page.locator("#signed").text_content()
        assert "не проверяются" in said
        assert said.endswith(": 7")


@pytest.mark.parametrize(
    "lost", ["journal-9A-ed01", "journal-9A-ed02", "answers-ed01", "summary-ed01", "summary-ed02"]
)
def test_a_bag_missing_anywhere_in_a_chain_of_editions_is_missed(
    browser: Any, amended: Path, tmp_path: Path, lost: str
) -> None:
    year = copied(amended, tmp_path)
    shutil.rmtree(year / lost)
    with _opened(browser, amended / "journal-9A-ed02" / "verify.html") as page:
        counts, found = _checked(page, year)
        assert (counts, found) == _by_the_verifier(year)
        assert found
