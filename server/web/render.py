"""Rendering pages: Jinja2 with the catalogue, the viewer and our formats."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import jinja2
from aiohttp import web
from markupsafe import Markup, escape

from server.services.context import ZONE
from server.web.call import VIEWER
from server.web.catalogue import DEFAULT, Catalogues
from server.web.csrf import csrf_token
from server.web.keys import CLOCK, SETTINGS
from server.web.nav import me_of
from server.web.static import CLIENT, StaticFiles

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Renderer:
    """The template environment of an application."""

    def __init__(self, catalogues: Catalogues, static: StaticFiles) -> None:
        self.catalogues = catalogues
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(CLIENT / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters |= {
            "day": self.day,
            "daymonth": lambda value: local_day(value).strftime("%d/%m"),
            "shortday": lambda value: local_day(value).strftime("%d/%m/%Y"),
            "time": lambda value: value.astimezone(ZONE).strftime("%H:%M"),
            "datetime": lambda value: value.astimezone(ZONE).strftime("%H:%M %d/%m/%Y"),
            "clock_ms": clock_ms,
        }
        self.environment.globals |= {"static": static.url, "_": self.gettext}

    def gettext(self, msgid: str, **params: Any) -> str:
        """The catalogue's words; markup if a value is markup. A global, so that macros have it."""
        if any(isinstance(value, Markup) for value in params.values()):
            safe = {name: escape(value) for name, value in params.items()}
            words = self.catalogues.translate(DEFAULT, msgid)
            return Markup(words).format(**safe)  # noqa: S704 - the catalogue is ours
        return self.catalogues.translate(DEFAULT, msgid, **params)

    def day(self, value: date | datetime) -> str:
        """`Thứ Sáu 04/12/2026`."""
        day = local_day(value)
        return f"{self.catalogues.translate(DEFAULT, WEEKDAYS[day.weekday()])} {day:%d/%m/%Y}"

    def page(self, request: web.Request, template: str, **values: Any) -> str:
        """The text of a page for this request's viewer."""

        def csrf_field() -> Markup:
            token = escape(csrf_token(request))
            return Markup('<input type="hidden" name="csrf" value="{}">').format(token)

        viewer = request.get(VIEWER)
        return self.environment.get_template(template).render(
            locale=DEFAULT,
            text_size=text_size(request),
            me=me_of(viewer, request.path) if viewer else None,
            now=request.config_dict[CLOCK](),
            csrf_field=csrf_field,
            csrf_token=csrf_token(request),
            duty_phone=request.config_dict[SETTINGS].duty_phone,
            request_path=request.path,
            **values,
        )


RENDERER: web.AppKey[Renderer] = web.AppKey("renderer", Renderer)


def render(
    request: web.Request, template: str, *, status: int = 200, **values: Any
) -> web.Response:
    """An HTML answer."""
    text = request.config_dict[RENDERER].page(request, template, **values)
    return web.Response(text=text, content_type="text/html", status=status)


def text_size(request: web.Request) -> str:
    """The reader's type size in percent (the `A A` in the bar), '' for the normal one."""
    size = request.cookies.get("text_size", "")
    return size if size in ("115", "130") else ""


def local_day(value: date | datetime) -> date:
    """The local calendar day of an instant; a day stays what it is."""
    return value.astimezone(ZONE).date() if isinstance(value, datetime) else value


def clock_ms(ms: int) -> str:
    """Milliseconds of the meeting clock as `01:12:34`."""
    seconds = ms // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
