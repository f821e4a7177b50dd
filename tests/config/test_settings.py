"""Settings: the file, the environment above it, and what is wrong with them in clear words."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import example, wishes
from config.errors import SettingsError
from config.settings import Settings, load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dnevnik-archive.toml"


def problem(file: Path, text: str) -> tuple[str, str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file)
    return caught.value.problem, caught.value.setting


def test_the_environment_wins_over_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('api_url = "https://a.example/v2/"\nconnections = 2\n')
    monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", "https://b.example/v2")
    settings = load(file)
    assert (settings.api_url, settings.connections) == ("https://b.example/v2/", 2)


def test_paths_are_taken_from_the_folder_of_the_file(file: Path) -> None:
    file.write_text("")
    settings = load(file)
    assert settings.absolute_store_url == f"sqlite:///{file.parent / 'archive.sqlite'}"
    assert settings.snapshots == file.parent / "snapshots"


def test_the_environment_does_not_move_the_archive(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_FOLDER", "/elsewhere")
    assert load(file).snapshots == file.parent / "snapshots"


def test_what_is_wrong_is_named(file: Path) -> None:
    assert problem(file, "conections = 2") == ("unknown", "conections")
    assert problem(file, "connections = 0") == ("wrong value", "connections")
    assert problem(file, 'time_zone = "Moscow"') == ("wrong value", "time_zone")
    assert problem(file, "connections = ") == ("not TOML", "")
    assert problem(file, 'token = "x"') == ("secret in file", "token")
    assert problem(file, 'client_secret = "x"') == ("secret in file", "client_secret")
    assert problem(file, 'scopes = "Common Info;Files"') == ("wrong value", "scopes")
    assert problem(file, "forms_fewest_marks = []") == ("wrong value", "forms_fewest_marks")
    assert problem(file, "forms_fewest_marks = [3, 0]") == ("wrong value", "forms_fewest_marks")
    assert problem(file, "forms_decimals = 3") == ("wrong value", "forms_decimals")
    assert problem(file, 'forms_control_works = [""]') == ("wrong value", "forms_control_works.0")


@pytest.mark.parametrize(
    ("text", "wish", "bound"),
    [
        ('forms_control_works = [""]', wishes.LONGER, "1"),
        (f'[look]\nname = "{"ш" * 301}"', wishes.SHORTER, "300"),
    ],
)
def test_a_text_of_a_wrong_length_is_told_the_length_and_not_the_quotes(
    text: str, wish: str, bound: str, file: Path
) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file)
    assert (caught.value.detail, caught.value.values) == (wish, {"bound": bound})


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ('forms_letters = { absent = "нет тут" }', "forms_letters.absent"),
        ('forms_letters = { absent = "5" }', "forms_letters.absent"),
        ('forms_letters = { sick = "Б" }', "forms_letters.sick.[key]"),
        ('forms_letters = "Н"', "forms_letters"),
        ('forms_attendance = { "бол." = "sick" }', "forms_attendance.бол."),
        ('forms_words = { "5б" = "pass" }', "forms_words.5б.[key]"),
        ("forms_scales = { mark10 = [10, 7, 9, 5] }", "forms_scales"),
        ("forms_scales = { mark10 = [10, 9] }", "forms_scales"),
        ("forms_scales = { mark10 = [10, 11, 9, 5] }", "forms_scales"),
        ("forms_scales = { mark10 = [] }", "forms_scales"),
    ],
)
def test_signs_and_scales_that_cannot_be_are_refused(text: str, setting: str, file: Path) -> None:
    assert problem(file, text) == ("wrong value", setting)


def test_signs_and_scales_of_a_school(file: Path) -> None:
    file.write_text(
        'forms_letters = { ill = "Бл" }\nforms_scales = { mark100 = [100, 85, 70, 50], mark7 = [7] }'
    )
    settings = load(file)
    assert settings.forms_letters == {"ill": "Бл"}
    assert settings.forms_scales == {"mark100": [100, 85, 70, 50], "mark7": [7]}


@pytest.mark.parametrize(
    "url",
    ["http://api.dnevnik.ru/v2/", "ftp://a/", "api.dnevnik.ru", "https://", "https://a b/", "https://a:x/"],
)
def test_the_platform_is_spoken_to_over_tls_only(file: Path, url: str) -> None:
    assert problem(file, f'api_url = "{url}"') == ("wrong value", "api_url")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_the_sandbox_on_this_machine_needs_no_tls(file: Path, host: str) -> None:
    file.write_text(f'api_url = "http://{host}/v2/"')
    assert load(file).api_url == f"http://{host}/v2/"


@pytest.mark.parametrize(
    ("text", "ceiling"),
    [
        ("", 5.0),
        ('api_url = "http://127.0.0.1:8000/v2/"', None),
        ('api_url = "http://127.0.0.1:8000/v2/"\ncalls_per_second = 3', 3.0),
        ("calls_per_second = 20", 20.0),
    ],
)
def test_calls_per_second_have_a_ceiling_but_for_the_sandbox(
    file: Path, text: str, ceiling: float | None
) -> None:
    file.write_text(text)
    (settings,) = load(file).of_each_school()
    assert settings.most_calls_per_second == ceiling


def test_each_school_has_the_ceiling_of_its_own_address(file: Path) -> None:
    schools = """
    [[schools]]
    school_id = 1
    token_file = "a"
    api_url = "http://localhost:8000/v2/"
    [[schools]]
    school_id = 2
    token_file = "b"
    """
    file.write_text(schools)
    assert [one.most_calls_per_second for one in load(file).of_each_school()] == [None, 5.0]


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path / "missing.toml")
    assert caught.value.problem == "not found"


@pytest.mark.parametrize("setting", ["login_url", "refresh_url", "redirect_url"])
def test_people_sign_in_over_tls_only(file: Path, setting: str) -> None:
    assert problem(file, f'{setting} = "http://login.dnevnik.ru/oauth2"') == ("wrong value", setting)
    file.write_text(f'{setting} = "http://127.0.0.1:8000/oauth2"')
    assert getattr(load(file), setting) == "http://127.0.0.1:8000/oauth2"


def test_secrets_come_from_the_environment_and_show_nowhere(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN", "token-in-the-environment")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_CLIENT_SECRET", "secret-in-the-environment")
    settings = load(file)
    assert settings.token is not None
    assert settings.token.get_secret_value() == "token-in-the-environment"
    assert "in-the-environment" not in repr(settings)


def test_a_wrong_value_is_not_repeated_if_it_may_be_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN", "")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_SCHOOL_ID", "a-token-in-the-wrong-place")
    with pytest.raises(SettingsError) as caught:
        load()
    assert "a-token-in-the-wrong-place" not in f"{caught.value.detail} {caught.value!r}"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_example_shows_every_setting_at_its_default(language: str, file: Path) -> None:
    lines = example.text(language).splitlines()
    shown = {
        line.removeprefix("# ").split(" = ")[0]: line.removeprefix("# ") for line in lines if " = " in line
    }
    expected = set(Settings.model_fields) - {"folder", "token", "client_secret", "mail_password"}
    assert {name for name in shown if name in Settings.model_fields} == expected
    without_default = {"school_id", "first_year", "client_id", "redirect_url", "refresh_url"}
    file.write_text("\n".join(shown[name] for name in expected - without_default), encoding="utf-8")
    loaded, default = load(file), Settings(folder=file.parent)
    assert loaded.model_copy(update={"language": "ru"}) == default


def test_the_untouched_example_is_valid(file: Path) -> None:
    file.write_text(example.text("ru"), encoding="utf-8")
    assert load(file) == Settings(folder=file.parent)


SEVERAL = """
time_zone = "Asia/Omsk"
[[schools]]
school_id = 1
token_file = "token-1"
[[schools]]
school_id = 2
token_file = "token-2"
time_zone = "Europe/Moscow"
"""


def test_each_of_several_schools_has_its_own_token_zone_and_sealed_years(file: Path) -> None:
    file.write_text(SEVERAL)
    first, second = load(file).of_each_school()
    assert (first.school_id, first.token_path.name, first.time_zone) == (1, "token-1", "Asia/Omsk")
    assert (second.school_id, second.token_path.name, second.time_zone) == (2, "token-2", "Europe/Moscow")
    assert first.snapshots == file.parent / "snapshots" / "1"
    assert first.absolute_store_url == second.absolute_store_url


def test_a_school_of_a_sister_installation_has_its_own_sign_in(file: Path) -> None:
    own = 'api_url = "https://api.kundelik.kz/v2/"\nlogin_url = "https://login.kundelik.kz/oauth2"\n'
    file.write_text(f'client_id = "a"\n{SEVERAL}{own}client_id = "b"\n')
    first, second = load(file).of_each_school()
    assert (first.login_url, first.client_id) == ("https://login.dnevnik.ru/oauth2", "a")
    assert (second.login_url, second.client_id) == ("https://login.kundelik.kz/oauth2", "b")


def test_one_token_in_the_environment_is_refused_for_several_schools(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(SEVERAL)
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN", "whose?")
    with pytest.raises(SettingsError) as caught:
        load(file).of_each_school()
    assert caught.value.problem == "one token"


@pytest.mark.parametrize(("wrong", "right"), [("school_id = 2", "school_id = 1"), ("token-2", "token-1")])
def test_a_school_or_a_token_named_twice_is_refused(file: Path, wrong: str, right: str) -> None:
    assert problem(file, SEVERAL.replace(wrong, right)) == ("wrong value", "schools")


@pytest.mark.parametrize("setting", ["heartbeat_url", "webhook_url"])
@pytest.mark.parametrize("url", ["http://hc.example/x", "hc.example", "https://"])
def test_alarms_go_over_tls_only(file: Path, setting: str, url: str) -> None:
    assert problem(file, f'{setting} = "{url}"') == ("wrong value", setting)


def test_the_address_of_an_alarm_is_kept_as_it_is(file: Path) -> None:
    file.write_text('heartbeat_url = "https://hc.example/uuid"\nwebhook_url = "http://127.0.0.1:80/x?y=1"')
    settings = load(file)
    assert settings.heartbeat_url == "https://hc.example/uuid"
    assert settings.webhook_url == "http://127.0.0.1:80/x?y=1"
    assert "uuid" not in repr(settings)


MAIL = 'mail_server = "mail.school.example"\nmail_from = "a@school.example"\n'


@pytest.mark.parametrize(
    "text",
    [
        'mail_to = ["deputy@school.example"]',
        MAIL + 'mail_to = ["deputy"]',
        MAIL + 'mail_to = ["a@b.example, c@d.example"]',
        MAIL + 'mail_to = ["a@b.example"]\nmail_security = "none"',
        MAIL.replace("a@school.example", "archive") + 'mail_to = ["a@b.example"]',
    ],
)
def test_a_mail_that_could_not_be_sent_is_refused_when_the_settings_are_read(file: Path, text: str) -> None:
    assert problem(file, text) == ("wrong value", "mail_to")


def test_the_password_of_the_mail_stands_apart(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert problem(file, 'mail_password = "x"') == ("secret in file", "mail_password")
    file.write_text(MAIL)
    assert load(file).read_mail_password() is None
    password = file.parent / "mail-password"
    password.write_text("with a space \n")
    password.chmod(0o600)
    assert load(file).read_mail_password() == "with a space "
    monkeypatch.setenv("DNEVNIK_ARCHIVE_MAIL_PASSWORD", "from-the-environment")
    assert load(file).read_mail_password() == "from-the-environment"
    assert "from-the-environment" not in repr(load(file))


def test_one_of_several_schools_may_have_its_own_heartbeat(file: Path) -> None:
    first = 'token_file = "token-1"\n'
    file.write_text(
        'heartbeat_url = "https://hc.example/all"\n'
        + SEVERAL.replace(first, first + 'heartbeat_url = "https://hc.example/1"\n')
    )
    urls = [one.heartbeat_url for one in load(file).of_each_school()]
    assert urls == ["https://hc.example/1", "https://hc.example/all"]
