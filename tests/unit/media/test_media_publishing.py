"""Which announced track a section carries, and when a track ends."""

from __future__ import annotations

from typing import Any

import pytest
from livekit.protocol import models, rtc

from server.media import sdp
from server.media.publishing import Publishing
from server.media.stats import Stats
from server.media.tracks import Track

AUDIO, VIDEO = models.TrackType.AUDIO, models.TrackType.VIDEO


def section(
    mid: str, track_id: str, kind: str = "audio", direction: str = "sendonly"
) -> sdp.Section:
    return sdp.Section(kind, attributes=[("mid", mid), ("msid", f"- {track_id}"), (direction, "")])


@pytest.fixture
def publishing() -> Publishing:
    return Publishing(Stats(), None)  # type: ignore[arg-type]


def announce(publishing: Publishing, cid: str, kind: Any = AUDIO) -> Track:
    track = Track(f"TR_{cid}", rtc.AddTrackRequest(cid=cid, type=kind), lambda packet: None)
    publishing.announce(track)
    return track


def offer(publishing: Publishing, *sections: sdp.Section) -> tuple[list[str], list[str]]:
    """Sids newly published and ended by an offer of these sections."""
    for s in sections:
        if s.client_sends:
            publishing.section_offered(s, 111)
    fresh, ended = publishing.offer_answered(s.mid for s in sections if s.client_sends)
    return [t.sid for t in fresh], [t.sid for t in ended]


def test_a_section_carries_the_track_that_it_names(publishing: Publishing) -> None:
    announce(publishing, "a")
    announce(publishing, "b")
    assert offer(publishing, section("0", "b")) == (["TR_b"], [])
    assert list(publishing.tracks) == ["TR_b"]


def test_an_unknown_name_means_the_oldest_of_that_kind(publishing: Publishing) -> None:
    announce(publishing, "cam", VIDEO)
    announce(publishing, "a")
    announce(publishing, "b")
    assert offer(publishing, section("0", "{uuid}")) == (["TR_a"], [])


def test_a_section_that_nobody_announced_carries_nothing(publishing: Publishing) -> None:
    announce(publishing, "cam", VIDEO)
    assert offer(publishing, section("0", "x")) == ([], [])
    assert offer(publishing, section("1", "cam", "audio")) == ([], [])
    assert not publishing.tracks


def test_a_section_that_stops_sending_ends_its_track(publishing: Publishing) -> None:
    announce(publishing, "a")
    offer(publishing, section("0", "a"))
    silent = section("0", "a", direction="inactive")
    assert offer(publishing, silent) == ([], ["TR_a"])
    assert not publishing.tracks


def test_the_same_offer_again_changes_nothing(publishing: Publishing) -> None:
    announce(publishing, "a")
    offer(publishing, section("0", "a"))
    assert offer(publishing, section("0", "a")) == ([], [])


def test_a_track_taken_away_is_not_taken_for_the_next_one(publishing: Publishing) -> None:
    taken = announce(publishing, "a")
    offer(publishing, section("0", "a"))
    publishing.end(taken)
    announce(publishing, "b")
    # the client offers for another reason before it has heard of it
    assert offer(publishing, section("0", "a")) == ([], [])
    assert offer(publishing, section("0", "a", direction="inactive")) == ([], [])
    assert offer(publishing, section("0", "{uuid}")) == (["TR_b"], [])


def test_a_device_published_anew_in_the_same_section_replaces_its_track(
    publishing: Publishing,
) -> None:
    announce(publishing, "a")
    offer(publishing, section("0", "a"))
    request = rtc.AddTrackRequest(cid="a", type=AUDIO)
    publishing.announce(Track("TR_again", request, lambda packet: None))
    assert offer(publishing, section("0", "a")) == (["TR_again"], ["TR_a"])
    assert list(publishing.tracks) == ["TR_again"]
    assert offer(publishing, section("0", "a")) == ([], [])
