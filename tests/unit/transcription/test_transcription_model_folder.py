"""A model's folder is looked at before the engine is, and what is wrong with it is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from transcription.engines.model_folder import (
    FILES,
    ModelBroken,
    ModelMissing,
    check_files,
    read_model_folder,
)
from transcription.engines.profile import DEMO, DEMO_SHA256, REAL, profile_of
from transcription.settings import DEMO_MODEL


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO_MODEL, tmp_path / "model"))


def test_the_carried_model_is_sound_and_known() -> None:
    folder = read_model_folder(DEMO_MODEL)
    assert folder.sha256 == DEMO_SHA256
    assert folder.name == "demo"
    assert profile_of(folder.sha256) is DEMO
    assert DEMO.hotword_tokens == 0


def test_an_unknown_model_is_a_real_one() -> None:
    assert profile_of("00" * 32) is REAL
    assert REAL.hotword_tokens <= 150
    assert REAL.longest_ms < 30_000


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(model: Path, name: str) -> None:
    (model / name).unlink()
    with pytest.raises(ModelBroken, match=name):
        check_files(model)


def test_all_missing_files_are_named_at_once(model: Path) -> None:
    (model / "tokenizer.json").unlink()
    (model / "vocabulary.json").unlink()
    with pytest.raises(ModelBroken, match=r"vocabulary.json, tokenizer.json"):
        check_files(model)


def test_a_file_that_is_no_json_is_named(model: Path) -> None:
    (model / "tokenizer.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelBroken, match=r"tokenizer.json"):
        check_files(model)


def test_a_model_without_word_times_is_refused(model: Path) -> None:
    config = json.loads((model / "config.json").read_text())
    del config["alignment_heads"]
    (model / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelBroken, match="alignment_heads"):
        check_files(model)


def test_an_empty_model_is_refused(model: Path) -> None:
    (model / "model.bin").write_bytes(b"")
    with pytest.raises(ModelBroken, match="empty"):
        check_files(model)


def test_no_folder_is_told_apart_from_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="giaoban asr install"):
        read_model_folder(tmp_path / "large-v3")
