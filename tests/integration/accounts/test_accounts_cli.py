"""The command line, as the operator types it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.cli import COMMANDS, main
from server.doctor import check_database, check_model, check_secrets, examine
from server.services import accounts
from server.storage.engine import Database
from tests.people import START, House, open_house, settings_of
from transcription.settings import DEMO_MODEL


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder that the commands find."""
    for name in [name for name in os.environ if name.startswith("GIAOBAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIAOBAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIAOBAN_WEB_PORT", "9")
    monkeypatch.setenv("GIAOBAN_MEDIA_PORT", "9")
    return tmp_path / "home"


@pytest.fixture
def furnished(home: Path) -> House:
    house = open_house(home)
    house.close()
    return house


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    for words in COMMANDS:
        assert " ".join(words) in told


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["user"], ["user", "remove"]])
def test_an_unknown_command_is_refused_with_the_list(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "usage: giaoban COMMAND" in capsys.readouterr().err


def test_an_operator_sets_up_an_installation(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "add", "hoa", "--name", "H", "--unit", "V", "--role", "leader"]) == 2
    assert "giaoban migrate" in capsys.readouterr().err
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    assert "already at revision" in capsys.readouterr().out
    data = Path(__file__).parents[3] / "transcription" / "data"
    files = [str(data / name) for name in ("departments.csv", "camau_units.csv")]
    assert main(["units", "import", *files]) == 0
    assert "92 made" in capsys.readouterr().out
    add = ["user", "add", "hoa", "--name", "Hoa", "--unit", "VPUB", "--role", "office_secretary"]
    assert main(add) == 0
    told = capsys.readouterr().out
    assert "hoa: Hoa, Thư ký Văn phòng" in told
    assert "http://127.0.0.1:9/link/" in told
    assert main(add) == 2
    assert "this login is taken" in capsys.readouterr().err
    assert main(["user", "reset", "hoa"]) == 0
    assert "/reset the code " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["user", "reset", "nobody"], "no account has the login 'nobody'"),
        (["units", "import", "/no/such.csv"], "No such file"),
        (
            ["user", "add", "x1", "--name", "X", "--unit", "nope", "--role", "leader"],
            "no unit has this code",
        ),
    ],
)
def test_what_cannot_be_done_says_what_to_mend(
    furnished: House,
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_wrong_file_names_line_and_column(
    furnished: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("code,name,division_type\n1,Xã A,xóm\n", "utf-8")
    assert main(["units", "import", str(wrong)]) == 2
    assert "wrong.csv, line 2, column division_type" in capsys.readouterr().err
    wrong.write_bytes(b"code,name,division_type\n1,X\xe3 A,x\xe3\n")
    assert main(["units", "import", str(wrong)]) == 2
    assert "is not UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["user", "add", "x"], ["user", "add", "x", "--role", "king"], ["migrate", "x"]]
)
def test_missing_arguments_end_with_status_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_a_wrong_setting_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIAOBAN_WEB_PORT", "eighty")
    assert main(["doctor"]) == 2
    assert "GIAOBAN_WEB_PORT='eighty'" in capsys.readouterr().err


def test_the_module_runs_as_a_program(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "server", "migrate"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "brought to revision" in done.stdout


def test_the_doctor_finds_a_bare_installation_wanting(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == 1
    told = capsys.readouterr().out
    assert "is at revision none" in told
    assert "run `giaoban migrate`" in told


def test_the_doctor_is_content_with_a_furnished_one(
    furnished: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "administrators who can sign in: 1" in told
    assert "units: 92" in told
    assert "web does not run" in told


def test_the_doctor_sees_programs_that_stay_away(furnished: House) -> None:
    from server.doctor import check_programs
    from server.services.health import look_at_installation

    house = open_house(furnished.settings.home)
    try:
        look = look_at_installation(house.program("operator"))
        away = list(check_programs(look, START, web_runs=True))
        assert [finding.trouble for finding in away] == [True, True]
        assert "GIAOBAN_RECORDER_TOKEN" in away[0].mend
        from server.services import tokens
        from tests.people import WORKER_TOKEN

        tokens.authenticate(house.program("session"), WORKER_TOKEN, "worker")
        look = look_at_installation(house.program("operator"))
        recorder, worker = check_programs(look, START, web_runs=True)
        assert recorder.trouble
        assert str(worker) == "ok       worker: seen 0 s ago"
    finally:
        house.close()


def test_open_secrets_are_trouble(home: Path) -> None:
    home.mkdir()
    path = home / "secrets.env"
    path.write_text("A=b\n")
    path.chmod(0o644)
    finding = check_secrets(path)
    assert finding.trouble
    assert finding.mend == f"chmod 600 {path}"
    path.chmod(0o600)
    assert not check_secrets(path).trouble


def test_a_model_check_without_an_answer_is_trouble(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.doctor.CHECK_S", 0.001)
    finding = check_model(settings_of(home), 0)
    assert finding.trouble
    assert "gave no answer" in finding.what


def test_a_model_is_whole_or_trouble(home: Path, tmp_path: Path) -> None:
    settings = settings_of(home)
    assert check_model(settings, 0).level == "note"
    waiting = check_model(settings, 3)
    assert waiting.trouble
    assert "3 recording jobs waiting" in waiting.what
    assert "giaoban asr install" in waiting.mend
    model = Path(shutil.copytree(DEMO_MODEL, tmp_path / "spoken"))
    settings = settings_of(home, ASR_MODEL=str(model))
    assert check_model(settings, 1).level == "ok"
    (model / "model.bin").unlink()
    broken = check_model(settings, 0)
    assert broken.trouble
    assert "lacks model.bin" in broken.what


def test_a_database_that_does_not_answer_is_trouble() -> None:
    away = Database("postgresql+psycopg://giaoban:secret@127.0.0.1:9/giaoban?connect_timeout=1")
    finding = check_database(away)
    away.close()
    assert finding.trouble
    assert "secret" not in str(finding)


def test_a_nearly_full_disk_is_trouble(furnished: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.doctor.FREE_FLOOR", 1 << 60)
    settings = settings_of(furnished.settings.home, WEB_PORT="9", MEDIA_PORT="9")
    troubled = [finding for finding in examine(settings, START) if finding.trouble]
    assert [finding.what.partition(":")[0] for finding in troubled] == ["disk"]


def test_first_administrator_is_asked_for_only_while_there_is_none(furnished: House) -> None:
    house = open_house(furnished.settings.home)
    try:
        assert accounts.first_administrator_link(house.program("setup")) is None
    finally:
        house.close()
