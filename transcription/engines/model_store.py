"""Brings a speech model into the home folder, and puts it in use.

Models lie under `<home>/models/<name>`; the link `<home>/models/current` says which one is used
when GIAOBAN_ASR_MODEL names none. A model becomes visible there only after it was checked whole, so
a worker never finds half of one. It must not load a model, and asks the network only in `download`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from transcription.digest import sha256_of
from transcription.engines.model_folder import FILES, ModelBroken, check_files

SPARE = 500_000_000
"""Bytes that must stay free beside a new model: recordings go on meanwhile."""
BLOCK = 1 << 20
SILENCE_S = 30.0
SHA256_DIGITS = 64


class InstallFailed(Exception):
    """The model could not be brought here; the message says why and what to do."""


def copy_in(source: Path, models: Path) -> Path:
    """Copies a folder brought by hand (a USB disk) to `models`; ModelBroken when it isn't one."""
    check_files(source)
    _room(models, sum((source / name).stat().st_size for name in FILES))
    arriving = _arriving(models, source.resolve().name)
    for name in FILES:
        shutil.copyfile(source / name, arriving / name)
        if sha256_of(source / name) != sha256_of(arriving / name):
            raise InstallFailed(f"{name} was copied wrongly: the disk is at fault")
    return _settle(arriving)


def download(repository: str, revision: str, models: Path) -> Path:
    """Downloads a model in CTranslate2's format from Hugging Face (or the mirror in HF_ENDPOINT)
    to `models`, shows progress on standard error, goes on where an earlier try broke off, and
    compares every file with the hash that the hub names.
    """
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, RepositoryNotFoundError
    from huggingface_hub.errors import HTTPError as NoAnswer  # type: ignore[attr-defined]

    try:
        commit, files = _listing(repository, revision)
        arriving = _arriving(models, repository.rpartition("/")[2])
        _room(models, sum(file.size for file in files) - _size(arriving))
        for file in files:
            _fetch(hf_hub_url(repository, file.name, revision=commit), file, arriving / file.name)
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise InstallFailed(f"there is no model {repository} at {revision}") from error
    except HfHubHTTPError as error:
        raise InstallFailed(f"the hub refused: {error}") from error
    except (NoAnswer, HTTPException, OSError) as error:
        raise InstallFailed(
            f"the download broke off ({type(error).__name__}: {error}); run it again to go on."
            " Without internet, bring the folder on a disk: giaoban asr install --from FOLDER"
        ) from error
    return _settle(arriving)


@dataclass(frozen=True, slots=True)
class _Remote:
    """A file of the hub: `digest` is the SHA-256 of a large one, git's blob id of a small one."""

    name: str
    size: int
    digest: str


def _listing(repository: str, revision: str) -> tuple[str, list[_Remote]]:
    from huggingface_hub import HfApi

    listing = HfApi(token=False).model_info(repository, revision=revision, files_metadata=True)
    there = {file.rfilename: file for file in listing.siblings or ()}
    if missing := [name for name in FILES if name not in there]:
        raise ModelBroken(
            f"{repository} lacks {', '.join(missing)}: it is no complete faster-whisper model"
        )
    files = []
    for name in FILES:
        file = there[name]
        digest = file.lfs.sha256 if file.lfs else file.blob_id
        files.append(_Remote(name, file.size or 0, digest or ""))
    return listing.sha or revision, files


def _fetch(url: str, file: _Remote, path: Path) -> None:
    """Brings `path` to the whole file; what is there already is not asked for again."""
    start = path.stat().st_size if path.is_file() else 0
    if start < file.size:
        request = Request(url, headers={"Range": f"bytes={start}-"})  # noqa: S310 - the hub's
        with urlopen(request, timeout=SILENCE_S) as answer:  # noqa: S310 - as above
            if answer.status != HTTPStatus.PARTIAL_CONTENT:
                start = 0
            with path.open("ab" if start else "wb") as out:
                while block := answer.read(BLOCK):
                    out.write(block)
                    start += len(block)
                    _show(file, start)
    if path.stat().st_size < file.size:
        raise OSError(f"{file.name} ended after {path.stat().st_size} of {file.size} bytes")
    large = len(file.digest) == SHA256_DIGITS
    if (sha256_of(path) if large else _git_hash(path)) != file.digest:
        path.unlink()
        raise InstallFailed(f"{file.name} arrived damaged and was thrown away; run it again")


def _show(file: _Remote, done: int) -> None:
    """One line, written over: on a terminal only, so that a log stays readable."""
    if sys.stderr.isatty():
        end = "\n" if done >= file.size else ""
        percent = 100 * done // max(file.size, 1)
        print(f"\r{file.name}: {percent} % of {file.size / 1e6:.0f} MB", end=end, file=sys.stderr)


def put_in_use(folder: Path) -> None:
    """From now on this model of the store is the one used when no setting names another."""
    new = folder.parent / ".current"
    new.unlink(missing_ok=True)
    new.symlink_to(folder.name)
    os.replace(new, folder.parent / "current")


def _arriving(models: Path, name: str) -> Path:
    folder = models / f".arriving-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _settle(arriving: Path) -> Path:
    """Checks what arrived and gives it its name, in the place of an older one of that name."""
    check_files(arriving)
    folder = arriving.parent / arriving.name.removeprefix(".arriving-")
    if folder.exists():
        shutil.rmtree(folder)
    return arriving.rename(folder)


def _room(models: Path, wanted: int) -> None:
    models.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(models).free
    if free < wanted + SPARE:
        raise InstallFailed(
            f"{models} has {free / 1e9:.1f} GB free, the model wants {wanted / 1e9:.1f} GB"
            f" and {SPARE / 1e9:.1f} GB to spare"
        )


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def _git_hash(path: Path) -> str:
    """The id git gives a file's content: how the hub names small files."""
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
