"""The command line of the package: `transcribe`, `asr check`, and what it says to a wrong call."""

from __future__ import annotations

import json
import shutil
import wave
from pathlib import Path

import pytest

from tests.fakes.voices import CENTRAL, RATE, SOUTH, Samples, meeting
from transcription.__main__ import main
from transcription.settings import DEMO_MODEL

BRIDGE = "Yêu cầu xã Trần Văn Thời báo cáo tiến độ xây dựng cầu, chậm nhất thứ sáu tuần này."
LETTERS = "Giao cho phường Bạc Liêu xử lý đơn thư khiếu nại tố cáo, trong vòng mười ngày."


def wav(path: Path, sound: Samples) -> str:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())
    return str(path)


def plain(sentence: str) -> str:
    return sentence.lower().replace(",", "").replace(".", "")


def test_a_file_becomes_lines_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound, times = meeting([BRIDGE, LETTERS], [SOUTH, CENTRAL])
    audio = wav(tmp_path / "talk.wav", sound)
    assert main(["transcribe", audio, "--model", str(DEMO_MODEL), "--json"]) == 0
    segments = json.loads(capsys.readouterr().out)
    assert [s["text"] for s in segments] == [plain(BRIDGE), plain(LETTERS)]
    assert [s["flag"] for s in segments] == [None, None]
    for segment, (start, end) in zip(segments, times, strict=True):
        assert segment["start"] == pytest.approx(start, abs=0.25)
        assert segment["end"] == pytest.approx(end, abs=0.25)
        assert " ".join(word[0] for word in segment["words"]) == segment["text"]
    assert main(["transcribe", audio, "--model", "demo"]) == 0
    out, err = capsys.readouterr()
    first = out.splitlines()[0]
    assert first.startswith(f"[{segments[0]['start']:.2f}–{segments[0]['end']:.2f}] ")
    assert first.endswith(plain(BRIDGE))
    assert " s of " in err


def test_silence_gives_an_empty_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound, _ = meeting([])
    audio = wav(tmp_path / "silence.wav", sound)
    assert main(["transcribe", audio, "--model", "demo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize("content", [b"", b"no sound at all" * 50])
def test_what_is_no_sound_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    audio = tmp_path / "minutes.docx"
    audio.write_bytes(content)
    assert main(["transcribe", str(audio), "--model", "demo"]) == 1
    assert "minutes.docx" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["transcribe", "absent.wav", "--model", "demo"]) == 1
    assert "absent.wav is not there" in capsys.readouterr().err


def test_the_demo_model_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["asr", "check", "demo"]) == 0
    assert "sound; demo model" in capsys.readouterr().out


def test_a_model_that_loads_no_more_is_not_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = Path(shutil.copytree(DEMO_MODEL, tmp_path / "model"))
    data = (model / "model.bin").read_bytes()
    (model / "model.bin").write_bytes(data[: len(data) // 2])
    assert main(["asr", "check", str(model)]) == 1
    assert capsys.readouterr().err.startswith("giaoban: ")


def test_a_missing_model_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = Path(shutil.copytree(DEMO_MODEL, tmp_path / "model"))
    (model / "preprocessor_config.json").unlink()
    assert main(["asr", "check", str(model)]) == 1
    assert "lacks preprocessor_config.json" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["sing"], ["asr"]])
def test_a_wrong_call_lists_the_commands(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "transcribe" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["worker", "recorder"])
def test_a_program_without_its_token_says_which_setting_is_missing(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(f"GIAOBAN_{command.upper()}_TOKEN", raising=False)
    assert main([command]) == 78
    assert f"GIAOBAN_{command.upper()}_TOKEN" in capsys.readouterr().err
