"""Sound through the engine, with the `livekit` SDK on loopback."""

from __future__ import annotations

from tests.fakes.media_seat import Seats


async def test_a_tone_of_one_seat_arrives_at_another(seats: Seats) -> None:
    an = await seats.join("dam-doi/an/1", "tone")
    binh = await seats.join("nam-can/binh/1", "tone")
    await an.play(440)
    await binh.play(1000)
    await binh.hears("dam-doi/an/1", 440)
    await an.hears("nam-can/binh/1", 1000)
