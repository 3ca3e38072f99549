"""Static files under a content-hashed path, so that browsers may keep them for a year.

`/static/<hash>/css/app.css` is the tokens, the base and every component in one sheet; `js/` are
our modules, `fonts/` and `lib/` come from the browser packages; `i18n/<language>.json` is the
catalogue for scripts. `/lib/<name>` redirects to the hashed address, so that modules can name the
library by one stable path.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from pathlib import Path

from aiohttp import web

from server.web.catalogue import Catalogues

CLIENT = Path(__file__).parent.parent.parent / "client_web"
LIBRARIES = {
    "lib": CLIENT / "node_modules/livekit-client/dist",
    "fonts": CLIENT / "node_modules/@fontsource/be-vietnam-pro/files",
}
LIBRARY_SUFFIXES = {".mjs", ".woff2"}
YEAR = "public, max-age=31536000, immutable"

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".mjs")


class StaticFiles:
    """The files and virtual files by their path, and the hash over all of them."""

    def __init__(self, catalogues: Catalogues) -> None:
        self.texts: dict[str, bytes] = {"css/app.css": style_sheet()}
        for language, words in catalogues.words.items():
            self.texts[f"i18n/{language}.json"] = json.dumps(words, ensure_ascii=False).encode()
        self.paths: dict[str, Path] = {}
        for path in sorted((CLIENT / "js").rglob("*.js")):
            if not path.name.endswith(".test.js"):
                self.paths[f"js/{path.relative_to(CLIENT / 'js').as_posix()}"] = path
        for path in sorted((CLIENT / "img").rglob("*")) + [CLIENT / "icons.svg"]:
            if path.is_file():
                self.paths[path.relative_to(CLIENT).as_posix()] = path
        for name, folder in LIBRARIES.items():
            for path in sorted(folder.glob("*")):
                if path.suffix in LIBRARY_SUFFIXES:
                    self.paths[f"{name}/{path.name}"] = path
        digest = hashlib.sha256()
        for name in sorted([*self.texts, *self.paths]):
            digest.update(name.encode())
            digest.update(self.texts[name] if name in self.texts else self.paths[name].read_bytes())
        self.hash = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a static file, with the hash."""
        return f"/static/{self.hash}/{name}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one file; any hash is answered, only the current one is kept by browsers."""
        name = request.match_info["name"]
        keep = YEAR if request.match_info["hash"] == self.hash else "no-cache"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if name in self.texts:
            charset = "utf-8" if kind.startswith("text/") else None
            return web.Response(
                body=self.texts[name],
                content_type=kind,
                charset=charset,
                headers={"Cache-Control": keep},
            )
        if name not in self.paths:
            raise web.HTTPNotFound
        return web.FileResponse(
            self.paths[name], headers={"Cache-Control": keep, "Content-Type": kind}
        )

    async def library(self, request: web.Request) -> web.StreamResponse:
        """`/lib/<name>` → the hashed address."""
        raise web.HTTPFound(self.url(f"lib/{request.match_info['name']}"))


def style_sheet() -> bytes:
    """Tokens, base, then the components in name order, as one sheet."""
    css = CLIENT / "css"
    parts = [css / "tokens.css", css / "base.css", *sorted((css / "components").glob("*.css"))]
    return b"\n".join(path.read_bytes() for path in parts if path.is_file())
