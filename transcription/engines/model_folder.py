"""Looks at a speech model's folder before faster-whisper does.

faster-whisper takes a path that is no folder for a name to download, hangs on a missing tokenizer
and dies late on other missing files; so the five files are checked here, and what is wrong is said.
It must not load the model.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from transcription.digest import sha256_of

FILES = (
    "model.bin",
    "config.json",
    "vocabulary.json",
    "tokenizer.json",
    "preprocessor_config.json",
)


class ModelBroken(Exception):
    """The folder can't be used; the message names the file and what is wrong with it."""


class ModelMissing(ModelBroken):
    """There is no such folder."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A sound model folder. `name` is what people read, `sha256` that of `model.bin`."""

    path: Path
    name: str
    sha256: str


def read_model_folder(path: Path) -> ModelFolder:
    """Checks the folder (reads model.bin once, seconds for a large one); ModelBroken says why."""
    check_files(path)
    path = path.resolve()  # the link `current` may point elsewhere tomorrow
    sha256 = sha256_of(path / "model.bin")
    name = path.parent.name if path.name == "model" else path.name
    return ModelFolder(path, name, sha256)


def check_files(path: Path) -> None:
    """The quick part of the check: all files there, the JSON ones readable, word times possible."""
    if not path.is_dir():
        raise ModelMissing(
            f"there is no speech model at {path}: run `giaoban asr install`,"
            " or set GIAOBAN_ASR_MODEL to a model folder"
        )
    missing = [name for name in FILES if not (path / name).is_file()]
    if missing:
        raise ModelBroken(f"the speech model {path} lacks {', '.join(missing)}")
    if (path / "model.bin").stat().st_size == 0:
        raise ModelBroken(f"the speech model {path} has an empty model.bin")
    for name in FILES[1:]:
        _read_json(path / name)
    config = _read_json(path / "config.json")
    if not isinstance(config, dict) or not config.get("alignment_heads"):
        raise ModelBroken(f"{path / 'config.json'} has no alignment_heads: words get no times")


def _read_json(path: Path) -> object:
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelBroken(f"{path} can't be read: {error}") from error
    return content
