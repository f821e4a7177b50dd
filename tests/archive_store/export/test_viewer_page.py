"""The viewer in a real Chromium, from ``file://``: every cell is there, and a keyboard is enough."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive_store import schema, texts
from archive_store.asof import read
from archive_store.forms import summary_sheet
from archive_store.render import summary_data
from chromium import CHROMIUM, needs_chromium
from reading import needs_poppler, pdf_text
from viewer_school import TOPICS, Exported, cells_on_record

pytestmark = needs_chromium
Page = Any  # of playwright, which has heavy types

CELLS = "nodes => nodes.map(one => [one.dataset.cell, one.textContent])"
CUT = "nodes => nodes.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@contextlib.contextmanager
def _opened(browser: Any, folder: Path, place: str = "", width: int = 1366) -> Iterator[Page]:
    """The viewer as a person opens it: nothing goes wrong in it, nothing leaves it, no topic becomes code."""
    page, asked, errors = browser.new_page(viewport={"width": width, "height": 768}), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    page.goto((folder / "viewer.html").as_uri() + place)
    page.locator("h1").wait_for()
    page.locator("#source:not(:empty)").wait_for()
    yield page
    assert "[object" not in page.locator("body").text_content()
    assert "hacked" not in page.title()
    assert page.locator("main img, main script, main b b").count() == 0
    assert errors == []
    assert all(url.startswith("file:") for url in asked)
    page.close()


def _journal(exported: Exported, name: str, subject: str) -> str:
    key, one = exported.class_of(name)
    place = next(n for n, section in enumerate(one["sections"]) if section["subject"] == subject)
    return f"#/class/{key}/journal/{place}"


def _cells(page: Page) -> dict[str, str]:
    """The cells in which something stands: a cross says that the pupil was not in the list that day."""
    found = page.locator("td[data-cell]:not(.outside)").evaluate_all(CELLS)
    return {key: text for key, text in found if text}


def _focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.textContent")
    return text


def _tab_to(page: Page, is_there: Callable[[], bool], most: int = 60) -> None:
    """Press Tab until it is reached; a keyboard that never gets there fails instead of going round."""
    for _press in range(most):
        if is_there():
            return
        page.keyboard.press("Tab")
    pytest.fail(f"not reached by {most} presses of Tab: on «{_focused(page)[:80]}»")


@pytest.mark.parametrize("name", ["7А", "7Б"])
def test_every_cell_of_every_journal_is_there_and_none_is_cut(
    browser: Any, exported: Exported, name: str
) -> None:
    key, one = exported.class_of(name)
    found: dict[str, str] = {}
    with _opened(browser, exported.folder) as page:
        for place, section in enumerate(one["sections"]):
            page.evaluate(f"location.hash = '#/class/{key}/journal/{place}'")
            page.locator("h1", has_text=section["title"]).wait_for()
            found |= _cells(page)
            assert page.locator("td[data-cell]").evaluate_all(CUT) == []
            assert page.locator("table.topics td.text").evaluate_all(CUT) == []
            crossed = page.locator("td.outside").evaluate_all(CELLS)
            assert {text for _key, text in crossed} <= {"×"}
            assert bool(crossed) == (section["title"] == "Математика"), "of the pupil who has left"
    lessons = {text: cell for text, cell in found.items() if text.count("/") == 1}
    assert lessons == cells_on_record(exported.school, name)


def test_topics_and_homework_are_shown_whole_and_stay_text(browser: Any, exported: Exported) -> None:
    with _opened(browser, exported.folder, _journal(exported, "7Б", "Математика")) as page:
        shown = page.locator("table.topics tbody tr").evaluate_all(
            "rows => rows.map(row => [row.cells[2].textContent, row.cells[3].textContent])"
        )
        assert shown == [[TOPICS[n % len(TOPICS)], f"№ {n}"] for n in range(25)]
        page.locator("#words").fill("Бекетов")
        page.get_by_role("link", name="Бекетов Борис <b>Львович</b>").click()
        page.locator("h1", has_text="Бекетов Борис <b>Львович</b>").wait_for()


def test_a_mark_that_was_corrected_tells_every_value_and_when_it_was_noticed(
    browser: Any, exported: Exported
) -> None:
    school = exported.school

    def told(page: Page, key: str) -> list[list[str]]:
        page.locator(f'[data-cell="{key}"]').click()
        page.locator("#history-title:focus").wait_for()
        rows = "rows => rows.map(row => Array.from(row.cells, cell => cell.textContent))"
        found: list[list[str]] = page.locator("#history tbody tr").evaluate_all(rows)
        page.keyboard.press("Escape")
        assert page.locator("#history").is_hidden()
        return found

    with _opened(browser, exported.folder, _journal(exported, "7Б", "Математика")) as page:
        corrected, withdrawn, absence = school.corrected, school.withdrawn, school.absence
        assert told(page, f"{corrected.lesson_id}/{corrected.person_id}") == [
            ["01.10.2025 23:10", "появилось", "3"], ["02.10.2025 23:10", "изменено", "4"],
        ]  # fmt: skip
        assert told(page, f"{withdrawn.lesson_id}/{withdrawn.person_id}")[1] == [
            "02.10.2025 23:10", "удалено", "—",
        ]  # fmt: skip
        assert told(page, f"{absence.lesson_id}/{absence.person_id}")[1] == [
            "20.11.2025 23:10", "изменено", "Б — отсутствовал по болезни",
        ]  # fmt: skip
        final = f"{school.final.subject_id}/period-{school.final.period_id}/{school.anna}"
        assert [row[2] for row in told(page, final)] == ["4", "5"]
        page.locator("#filter-corrected").check()
        assert page.locator("td[data-cell]").count() == 3 * 2  # of three pupils, one lesson and one period
        marked = page.locator("td.corrected").evaluate_all("nodes => nodes.map(one => one.dataset.cell)")
        assert set(marked) == {
            f"{corrected.lesson_id}/{corrected.person_id}", f"{withdrawn.lesson_id}/{withdrawn.person_id}",
            f"{absence.lesson_id}/{absence.person_id}", final,
        }  # fmt: skip


def test_a_keyboard_is_enough(browser: Any, exported: Exported) -> None:
    """Search a pupil, read on to a journal, walk through its cells, open a history, come back."""
    with _opened(browser, exported.folder) as page:
        press = page.keyboard.press
        press("Tab")
        assert page.evaluate("document.activeElement.id") == "skip"
        press("/")
        page.keyboard.type("агапова ан")
        page.get_by_role("link", name="Агапова Анна Ильинична").wait_for()
        press("Tab")
        assert _focused(page) == "Агапова Анна Ильинична"
        press("Enter")
        page.locator("h1:focus", has_text="Агапова").wait_for()
        _tab_to(page, lambda: _focused(page) == "Математика")
        press("Enter")
        page.locator("h1:focus", has_text="Математика").wait_for()
        _tab_to(page, lambda: page.evaluate("document.activeElement.tagName") == "TD")
        grids = page.evaluate("document.querySelectorAll('table[role=grid]').length")
        assert grids == 2
        for key in ("ArrowDown", "ArrowRight", "End", "ArrowRight", "End"):
            press(key)
        last = page.evaluate("document.activeElement.dataset.cell")
        assert last.endswith(f"/{_second_pupil(exported)}")
        press("Control+Home")
        press("PageUp")
        press("ArrowLeft")
        assert _focused(page) == "Агапова Анна"
        press("ArrowRight")
        first = page.evaluate("document.activeElement.dataset.cell")
        assert first.endswith(f"/{exported.school.anna}")
        press("Enter")
        page.locator("#history-title:focus").wait_for()
        press("Escape")
        assert page.evaluate("document.activeElement.dataset.cell") == first
        shows = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(shows) == "solid"
        page.go_back()
        page.locator("h1", has_text="Агапова").wait_for()


def _second_pupil(exported: Exported) -> str:
    _key, one = exported.class_of("7Б")
    return str(one["roster"][1][0])


def test_search_finds_pupils_teachers_subjects_classes_topics_and_homework(
    browser: Any, exported: Exported
) -> None:
    with _opened(browser, exported.folder) as page:

        def found(words: str) -> list[str]:
            page.locator("#words").fill(words)
            page.locator("#status", has_text=re.compile("Найдено|Ничего")).wait_for(state="attached")
            page.wait_for_function("words => whereAmI().query.q === words", arg=words)
            page.wait_for_function("!document.querySelector('#found [role=status]')")
            texts: list[str] = page.locator(".found a").all_text_contents()
            return texts

        assert found("гостев федор") == ["Гостев Фёдор Ильич"]
        assert found("ШЕРЕМЕТЬЕВА") == ["Шереметьева-Новицкая Александра Константиновна"]
        assert found("7a английский") == ["Английский язык", "Английский язык (Английский/1)"]
        excerpts = found("конец темы")
        assert len(excerpts) == 4
        assert all("конец темы" in one and len(one) < 300 for one in excerpts)
        assert len(found("№ 17")) == 1
        assert found("img onerror")[0].startswith(TOPICS[0])
        assert found("нет такого") == []
        page.locator("#words").fill("№ 17")
        page.locator(".found a").click()
        page.locator("table.topics").wait_for()
        assert page.locator("table.topics tbody tr").count() == 1


def test_filters_leave_what_they_say(browser: Any, exported: Exported) -> None:
    place = _journal(exported, "7Б", "Математика")
    with _opened(browser, exported.folder, place) as page:
        page.locator("#filter-pupil").fill("Агап")
        assert page.locator("td[data-cell]").count() == 26
        page.locator("#filter-from").fill("2025-09-24")
        page.locator("#filter-to").fill("2025-09-25")
        assert page.locator("table.topics tbody tr th").all_text_contents() == ["24.09.2025", "25.09.2025"]
        assert "from=2025-09-24" in page.evaluate("location.hash")
        page.reload()
        page.locator("table.topics").wait_for()
        assert page.locator("td[data-cell]").count() == 2
        page.locator("#filter-from").fill("2026-09-01")
        page.locator("main", has_text="ничего не подходит").wait_for()


def test_a_pupil_has_all_marks_absences_and_final_marks(browser: Any, exported: Exported) -> None:
    key, _one = exported.class_of("7Б")
    school = exported.school
    with _opened(browser, exported.folder, f"#/class/{key}/pupil/{school.anna}") as page:
        chips = "nodes => nodes.map(one => [one.dataset.cell, one.firstChild.textContent])"
        found = dict(page.locator("button.chip").evaluate_all(chips))
        on_record = cells_on_record(school, "7Б")
        of_anna = {key: text for key, text in on_record.items() if key.endswith(f"/{school.anna}")}
        assert found == of_anna
        assert page.locator("table.marks td.final button").all_text_contents() == ["5"]
        total = page.locator("table.totals tbody tr").last.locator("th, td").all_text_contents()
        assert total[1] == "26"
        page.locator("#filter-subject").select_option("Английский язык")
        assert page.locator("button.chip").count() == 1


def test_the_summary_sheet_and_the_corrections_are_those_of_the_forms(
    browser: Any, exported: Exported
) -> None:
    key, _one = exported.class_of("7Б")
    school = exported.school
    group = next(one for one in school.groups if one.name == "7Б")
    sheet = summary_sheet.build(school.connection, school.at, group)
    with _opened(browser, exported.folder, f"#/class/{key}/sheet") as page:
        shown = page.locator("table.sheet td[data-cell]").all_text_contents()
        assert shown == [cell.text for row in sheet.rows for line in row.cells for cell in line]
        texts.activate("ru")
        assert page.locator("main ul.note li").all_text_contents() == summary_data.notes(sheet)
        page.evaluate(f"location.hash = '#/class/{key}/corrections'")
        page.locator("table.corrections").wait_for()
        cells = "rows => rows.map(row => [0, 6, 7].map(place => row.cells[place].textContent))"
        assert sorted(page.locator("table.corrections tbody tr").evaluate_all(cells)) == [
            ["02.10.2025 23:10", "2", "—"],
            ["02.10.2025 23:10", "3", "4"],
            ["20.11.2025 23:10", "4", "5"],
            ["20.11.2025 23:10", "Н", "Б"],
        ]
        page.locator("#filter-flag").select_option("after-period")
        assert page.locator("table.corrections tbody tr").count() == 2


def test_a_file_that_was_not_copied_is_named(browser: Any, exported: Exported, tmp_path: Path) -> None:
    folder = shutil.copytree(exported.folder, tmp_path / "copy")
    key, _one = exported.class_of("7Б")
    (folder / "viewer/data" / key / "s00.js").unlink()
    page = browser.new_page()
    page.goto((folder / "viewer.html").as_uri() + f"#/class/{key}/journal/0")
    page.locator("main", has_text=f"Нет файла viewer/data/{key}/s00.js").wait_for()
    for place in (
        "#/class/2025-1",
        f"#/class/{key}/journal/99",
        f"#/class/{key}/pupil/1",
        "#/elsewhere",
        f"#/class/{key}/constructor",
    ):
        page.evaluate(f"location.hash = '{place}'")
        page.wait_for_function("place => location.hash === place && onScreen === current", arg=place)
        page.locator("main", has_text="нет того, на что указывает адрес").wait_for()
    (folder / "viewer/data" / key / "class.js").unlink()
    page.goto((folder / "viewer.html").as_uri() + "#/search?q=%D0%93%D0%BE%D1%81%D1%82%D0%B5%D0%B2")
    page.reload()
    page.locator("#found", has_text=f"Нет файла viewer/data/{key}/class.js").wait_for()
    page.close()


def test_what_a_pupil_missed_is_counted_whatever_is_filtered(browser: Any, exported: Exported) -> None:
    key, _one = exported.class_of("7Б")
    place = f"#/class/{key}/pupil/{exported.school.absence.person_id}"

    def of_maths(page: Page) -> list[str]:
        row = page.locator("table.totals tbody tr", has_text="Математика").first
        row.wait_for()
        return row.locator("td").all_text_contents()

    with _opened(browser, exported.folder, place) as page:
        everything = of_maths(page)
        assert any(int(one) for one in everything[1:])
        page.locator("#filter-corrected").check()
        page.locator("h1:focus, #filter-corrected:checked").first.wait_for()
        page.wait_for_function("whereAmI().query.corrected")
        page.wait_for_function("place => onScreen === current", arg=place)
        assert of_maths(page) == everything


@needs_poppler
def test_a_printed_journal_holds_every_cell_and_its_source_on_every_page(
    browser: Any, exported: Exported, tmp_path: Path
) -> None:
    with _opened(browser, exported.folder, _journal(exported, "7Б", "Математика")) as page:
        printed = page.pdf(prefer_css_page_size=True)
        digest = page.locator("#source").text_content().split("SHA-256 ")[1]
    text = pdf_text(printed, tmp_path)
    *pages, _after = text.split("\f")
    assert len(pages) > 2
    assert all("реестр 8f3c 0123 4567 89ab" in one for one in pages)
    assert all(digest in re.sub(r"\s", "", one) for one in pages)
    assert text.count("конец темы") == 4
    assert "Поиск" not in text
    flat = re.sub(r"\s+", "", text)
    for cell in cells_on_record(exported.school, "7Б").values():
        assert re.sub(r"\s+", "", cell) in flat


def test_on_a_phone_the_page_itself_never_scrolls_sideways(browser: Any, exported: Exported) -> None:
    key, _one = exported.class_of("7Б")
    with _opened(browser, exported.folder, width=390) as page:
        for place in ("", "/journal/1", "/sheet", "/corrections", f"/pupil/{exported.school.anna}"):
            page.evaluate(f"location.hash = '#/class/{key}{place}'")
            page.locator("main table").first.wait_for()
            page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")


def test_the_archive_that_the_tests_compare_with_is_no_empty_one(exported: Exported) -> None:
    school = exported.school
    assert sum(1 for _ in read(school.connection, schema.MARK, school.at)) > 200
