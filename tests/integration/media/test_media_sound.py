"""Sound through the engine, with the `livekit` SDK on loopback."""

from __future__ import annotations

from livekit import rtc

from tests.fakes.media_seat import Seat, Seats, until

MICROPHONE = rtc.TrackSource.SOURCE_MICROPHONE


async def published(seat: Seat, identity: str) -> rtc.RemoteTrackPublication:
    """The microphone of somebody else, waiting until it is known."""
    publication: rtc.RemoteTrackPublication = await until(
        lambda: seat.publication(identity, MICROPHONE), f"{identity} is seen to publish"
    )
    return publication


async def test_a_tone_of_one_seat_arrives_at_another(seats: Seats) -> None:
    an = await seats.join("dam-doi/an/1", "tone")
    binh = await seats.join("nam-can/binh/1", "tone")
    await an.play(440)
    await binh.play(1000)
    await binh.hears("dam-doi/an/1", 440)
    await an.hears("nam-can/binh/1", 1000)


async def test_who_joins_late_hears_who_speaks_already(seats: Seats) -> None:
    an = await seats.join("an", "late")
    await an.play(600)
    await (await seats.join("binh", "late")).hears("an", 600)


async def test_without_auto_subscribe_only_what_is_asked_for_arrives(seats: Seats) -> None:
    an = await seats.join("an", "chosen")
    binh = await seats.join("binh", "chosen")
    chi = await seats.join("chi", "chosen", auto_subscribe=False)
    await an.play(440)
    await binh.play(1000)
    (await published(chi, "binh")).set_subscribed(True)
    await chi.hears("binh", 1000)
    assert "an" not in chi.heard


async def test_unsubscribing_ends_a_sound_and_its_section_serves_the_next(seats: Seats) -> None:
    an = await seats.join("an", "again")
    binh = await seats.join("binh", "again")
    chi = await seats.join("chi", "again", auto_subscribe=False)
    await an.play(440)
    await binh.play(1000)
    first = await published(chi, "an")
    first.set_subscribed(True)
    await chi.hears("an", 440)
    first.set_subscribed(False)
    await chi.event("track_unsubscribed")
    (await published(chi, "binh")).set_subscribed(True)
    await chi.hears("binh", 1000)
    chi.heard.clear()
    first.set_subscribed(True)
    await chi.hears("an", 440)


async def test_a_hidden_recorder_hears_all_and_is_seen_by_none(seats: Seats) -> None:
    an = await seats.join("an", "recorded")
    binh = await seats.join("binh", "recorded")
    await an.play(440)
    recorder = await seats.join(
        "recorder/1",
        "recorded",
        auto_subscribe=False,
        hidden=True,
        recorder=True,
        can_publish=False,
        can_publish_data=False,
    )
    await binh.play(1000)
    for identity in ("an", "binh"):
        (await published(recorder, identity)).set_subscribed(True)
    await recorder.hears("an", 440)
    await recorder.hears("binh", 1000)
    chi = await seats.join("chi", "recorded")
    await chi.event("track_subscribed")
    for seat in (an, binh, chi):
        assert "recorder/1" not in seat.room.remote_participants
        assert "recorder/1" not in [
            getattr(e[1], "identity", "") for e in seat.events if len(e) > 1
        ]


async def test_eight_seats_all_hear_each_other(seats: Seats) -> None:
    people = [await seats.join(f"seat-{n}", "eight") for n in range(8)]
    for n, seat in enumerate(people):
        await seat.play(400 + 150 * n)
    for seat in people:
        for n, other in enumerate(people):
            if other is not seat:
                await seat.hears(other.identity, 400 + 150 * n)


async def test_a_seat_that_republishes_is_heard_again(seats: Seats) -> None:
    an = await seats.join("an", "republish")
    binh = await seats.join("binh", "republish")
    for hz in (440, 700, 500):
        publication = await an.play(hz)
        await binh.hears("an", hz)
        binh.heard.clear()
        binh.events.clear()
        await an.room.local_participant.unpublish_track(publication.sid)
        await binh.event("track_unpublished")


async def test_a_muted_microphone_is_silent_until_it_is_unmuted(seats: Seats) -> None:
    an = await seats.join("an", "muted")
    binh = await seats.join("binh", "muted")
    publication = await an.play(440)
    await binh.hears("an", 440)
    publication.track.mute()
    await binh.event("track_muted")
    await binh.silence("an")
    publication.track.unmute()
    await binh.event("track_unmuted")
    await binh.hears("an", 440)


async def test_the_speaker_is_told_to_all(seats: Seats) -> None:
    an = await seats.join("an", "speakers")
    binh = await seats.join("binh", "speakers")
    await an.play(440)
    event = await binh.event("active_speakers_changed")
    assert [p.identity for p in event[1]] == ["an"]


async def test_at_the_door_one_hears_oneself(seats: Seats) -> None:
    tester = await seats.join("an", "door-1", attributes={"loopback": "1"})
    await tester.play(440)
    await tester.hears("an#echo", 440)


async def test_in_a_meeting_nobody_hears_oneself(seats: Seats) -> None:
    an = await seats.join("an", "c-1", attributes={"loopback": "1"})
    binh = await seats.join("binh", "c-1")
    await an.play(440)
    await binh.hears("an", 440)
    assert list(an.room.remote_participants) == ["binh"]
    assert not an.heard
