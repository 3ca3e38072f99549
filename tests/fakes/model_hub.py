"""A hub of speech models on a loopback port: the three questions `asr install` asks of one."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

COMMIT = "e" * 40


class ModelHub:
    """Serves one folder as `repository`. `damaged` names a file that is sent with a wrong byte;
    `budget` is how many bytes of model.bin go out before the line breaks for good. `asked` has
    each GET's path and Range."""

    def __init__(self, folder: Path, repository: str) -> None:
        self.folder, self.repository = folder, repository
        self.damaged = ""
        self.budget: int | None = None
        self.asked: list[tuple[str, str]] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.asked.append((self.path, self.headers.get("Range", "")))
                hub.answer(self, body=True)

            def do_HEAD(self) -> None:
                hub.answer(self, body=False)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> ModelHub:
        threading.Thread(target=self._server.serve_forever, name="hub", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, to: BaseHTTPRequestHandler, *, body: bool) -> None:
        path = to.path.partition("?")[0]
        api = f"/api/models/{self.repository}"
        if path.startswith(f"{api}/revision/"):
            siblings = [self._entry(file, "rfilename") for file in self._files()]
            self._json(to, {"id": self.repository, "sha": COMMIT, "siblings": siblings})
        elif path.startswith(f"{api}/tree/"):
            self._json(to, [{"type": "file", **self._entry(f, "path")} for f in self._files()])
        elif path.startswith(f"/{self.repository}/resolve/{COMMIT}/"):
            self._file(to, self.folder / path.rpartition("/")[2], body)
        else:
            to.send_response(404)
            to.send_header("X-Error-Code", "RepoNotFound")
            to.send_header("Content-Length", "0")
            to.end_headers()

    def _files(self) -> list[Path]:
        return sorted(self.folder.iterdir())

    def _entry(self, file: Path, name: str) -> dict[str, Any]:
        entry: dict[str, Any] = {name: file.name, "size": file.stat().st_size}
        if file.suffix == ".bin":
            lfs = {"sha256": _sha256(file), "oid": _sha256(file), "pointerSize": 134}
            entry["lfs"] = {**lfs, "size": file.stat().st_size}
        return {**entry, "blobId": _git(file), "oid": _git(file)}

    def _json(self, to: BaseHTTPRequestHandler, value: object) -> None:
        data = json.dumps(value).encode()
        to.send_response(200)
        to.send_header("Content-Type", "application/json")
        to.send_header("Content-Length", str(len(data)))
        to.end_headers()
        to.wfile.write(data)

    def _file(self, to: BaseHTTPRequestHandler, file: Path, body: bool) -> None:
        data = file.read_bytes()
        if file.name == self.damaged:
            data = data[:-1] + bytes([data[-1] ^ 1])
        start = int(to.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        to.send_response(206 if start else 200)
        if start:
            to.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        to.send_header("Content-Length", str(len(data) - start))
        to.send_header("X-Repo-Commit", COMMIT)
        to.send_header("ETag", f'"{_sha256(file) if file.suffix == ".bin" else _git(file)}"')
        to.end_headers()
        if not body:
            return
        if file.name == "model.bin" and self.budget is not None:
            now, self.budget = self.budget, 0
            to.wfile.write(data[start : start + now])
            to.close_connection = True
        else:
            to.wfile.write(data[start:])


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _git(file: Path) -> str:
    data = file.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
