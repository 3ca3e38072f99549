"""`asr install`: a model from a folder or from a hub is checked, put in place and used."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.media_engine import ROOT
from tests.fakes.model_hub import ModelHub
from tests.fakes.web_link import WebLink
from tests.integration.transcription.programs import Program
from transcription.contract.link import Claim, Work
from transcription.engines.model_folder import FILES, read_model_folder
from transcription.engines.profile import DEMO_SHA256
from transcription.settings import DEMO_MODEL, model_path

NAME = "khoa/phowhisper-nho"


def install(home: Path, *arguments: str, hub: str = "http://127.0.0.1:9") -> tuple[int, str, str]:
    """Runs the command as a program; status, standard output and standard error."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIAOBAN_", "HF_"))}
    done = subprocess.run(
        [sys.executable, "-m", "transcription", "asr", "install", *arguments],
        env={**kept, "GIAOBAN_HOME": str(home), "HF_ENDPOINT": hub, "HF_HOME": str(home)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def in_use(home: Path) -> Path:
    return model_path("", {"GIAOBAN_HOME": str(home)})


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """A folder as it came on a disk, with what else lies in such folders."""
    folder = Path(shutil.copytree(DEMO_MODEL, tmp_path / "phowhisper-nho"))
    (folder / "README.md").write_text("x")
    return folder


@pytest.fixture
def hub(brought: Path) -> Iterator[ModelHub]:
    with ModelHub(brought, NAME) as hub:
        yield hub


def test_a_folder_brought_by_hand_is_copied_and_used(tmp_path: Path, brought: Path) -> None:
    status, out, err = install(tmp_path / "home", "--from", str(brought))
    assert (status, err) == (0, "")
    assert str(tmp_path / "home" / "models" / "phowhisper-nho") in out
    shutil.rmtree(brought)
    folder = read_model_folder(in_use(tmp_path / "home"))
    assert (folder.name, folder.sha256) == ("phowhisper-nho", DEMO_SHA256)
    assert sorted(path.name for path in folder.path.iterdir()) == sorted(FILES)


def test_a_folder_that_is_no_model_is_refused_and_the_old_one_stays(
    tmp_path: Path, brought: Path
) -> None:
    home = tmp_path / "home"
    assert install(home, "--from", str(brought))[0] == 0
    (brought / "tokenizer.json").unlink()
    status, _, err = install(home, "--from", str(brought))
    assert status == 1
    assert "lacks tokenizer.json" in err
    assert read_model_folder(in_use(home)).sha256 == DEMO_SHA256


def test_a_model_is_downloaded_checked_and_used(tmp_path: Path, hub: ModelHub) -> None:
    home = tmp_path / "home"
    status, _, err = install(home, NAME, hub=hub.url)
    assert status == 0, err
    folder = read_model_folder(in_use(home))
    assert (folder.name, folder.sha256) == ("phowhisper-nho", DEMO_SHA256)
    assert sorted(path.name for path in folder.path.iterdir()) == sorted(FILES)
    assert not any("README" in path for path, _ in hub.asked)


def test_a_broken_download_goes_on_where_it_stopped(tmp_path: Path, hub: ModelHub) -> None:
    home = tmp_path / "home"
    half = (hub.folder / "model.bin").stat().st_size // 2
    hub.budget = half
    status, _, err = install(home, NAME, hub=hub.url)
    assert status == 1
    assert "run it again" in err
    assert not in_use(home).exists()
    hub.budget = None
    hub.asked.clear()
    status, _, err = install(home, NAME, hub=hub.url)
    assert status == 0, err
    ranges = [where for path, where in hub.asked if path.endswith("/model.bin")]
    assert ranges == [f"bytes={half}-"]
    assert read_model_folder(in_use(home)).sha256 == DEMO_SHA256


@pytest.mark.parametrize("name", ["model.bin", "vocabulary.json"])
def test_a_damaged_file_is_thrown_away_and_asked_for_again(
    tmp_path: Path, hub: ModelHub, name: str
) -> None:
    home = tmp_path / "home"
    hub.damaged = name
    status, _, err = install(home, NAME, hub=hub.url)
    assert status == 1
    assert f"{name} arrived damaged" in err
    assert not in_use(home).exists()
    hub.damaged = ""
    assert install(home, NAME, hub=hub.url)[0] == 0
    assert read_model_folder(in_use(home)).sha256 == DEMO_SHA256


def test_without_internet_it_says_what_else_can_be_done(tmp_path: Path) -> None:
    status, _, err = install(tmp_path / "home", NAME)
    assert status == 1
    assert "--from FOLDER" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["khoa/khac", "ba/phan/ten", "có dấu"])
def test_a_model_that_is_not_there_is_named(tmp_path: Path, hub: ModelHub, name: str) -> None:
    status, _, err = install(tmp_path / "home", name, hub=hub.url)
    assert status == 1
    assert f"there is no model {name}" in err


def test_a_repository_that_is_no_speech_model_is_refused_before_the_download(
    tmp_path: Path, hub: ModelHub
) -> None:
    (hub.folder / "preprocessor_config.json").unlink()
    status, _, err = install(tmp_path / "home", NAME, hub=hub.url)
    assert status == 1
    assert "lacks preprocessor_config.json" in err
    assert not any(path.endswith("/model.bin") for path, _ in hub.asked)


async def test_a_running_worker_finds_what_was_installed_by_itself(
    tmp_path: Path, brought: Path, link: WebLink
) -> None:
    home = tmp_path / "home"
    settings = {"GIAOBAN_WEB_URL": link.url, "GIAOBAN_WORKER_TOKEN": link.token}
    async with Program("worker", tmp_path, GIAOBAN_HOME=str(home), **settings) as worker:
        await link.until(lambda: link.messages(Claim), "a claim without a model")
        assert link.hellos[0].model is None
        done = await asyncio.to_thread(install, home, "--from", str(brought))
        assert done[0] == 0, done
        await link.tell(Work())  # as web does when something waits; else it looks every 30 s
        await link.until(lambda: link.hellos[-1].model is not None, "a hello with the model")
        assert link.hellos[-1].model is not None
        assert link.hellos[-1].model.name == "phowhisper-nho"
        assert "giaoban asr install" in worker.log()
