"""Sequence numbers, repair and the VP8 descriptor: the arithmetic of forwarding."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from server.media import nack, vp8
from server.media.bandwidth import ReceiverStats
from server.media.keyframes import INTERVAL_SECONDS, KeyframeRequests
from server.media.nack import History, Missing, ResendGate, Sent
from server.media.sequence import RANGES, SequenceMap, Unwrapper
from server.media.speakers import SpeechMeter, changed_speakers


class TestUnwrapper:
    def test_it_goes_on_over_the_wrap(self) -> None:
        unwrapper = Unwrapper()
        first = unwrapper.unwrap(65534)
        assert [unwrapper.unwrap(n) - first for n in (65535, 0, 1, 65535, 2)] == [1, 2, 3, 1, 4]

    def test_a_late_packet_of_the_start_is_not_negative(self) -> None:
        unwrapper = Unwrapper()
        unwrapper.unwrap(0)
        assert unwrapper.unwrap(65535) >= 0

    @given(st.integers(0, 0xFFFF), st.lists(st.integers(-20, 200), max_size=50))
    def test_low_bits_are_kept(self, start: int, steps: list[int]) -> None:
        unwrapper = Unwrapper()
        number = start
        for step in steps:
            number = (number + step) & 0xFFFF
            assert unwrapper.unwrap(number) & 0xFFFF == number


class TestSequenceMap:
    def test_swallowed_numbers_leave_no_hole(self) -> None:
        numbers = SequenceMap()
        assert numbers.forward(10) == 10
        assert numbers.swallow(11) is None
        assert numbers.swallow(12) is None
        assert numbers.forward(13) == 11
        assert numbers.swallow(14) is None
        assert numbers.forward(15) == 12

    def test_a_late_packet_keeps_the_shift_of_its_range(self) -> None:
        numbers = SequenceMap()
        numbers.forward(10)
        numbers.swallow(12)  # 11 is late
        assert numbers.forward(13) == 12
        assert numbers.forward(11) == 11

    def test_late_padding_is_a_hole_that_is_known_already(self) -> None:
        numbers = SequenceMap()
        numbers.forward(10)
        assert numbers.forward(12) == 12
        assert numbers.swallow(11) == 11

    def test_what_is_older_than_every_range_is_unknown(self) -> None:
        numbers = SequenceMap()
        for n in range(0, 4 * RANGES, 2):
            numbers.forward(n)
            numbers.swallow(n + 1)
        assert numbers.forward(1) is None

    @given(st.lists(st.booleans(), min_size=1, max_size=200))
    def test_in_order_dense_numbers_are_consecutive(self, padding: list[bool]) -> None:
        numbers = SequenceMap()
        dense = []
        for n, swallow in enumerate(padding, 1000):
            value = numbers.swallow(n) if swallow else numbers.forward(n)
            if not swallow:
                dense.append(value)
        if dense:
            assert dense == list(range(dense[0] or 0, (dense[0] or 0) + len(dense)))

    @given(st.lists(st.booleans(), min_size=2, max_size=60), st.randoms())
    def test_reordering_never_gives_two_packets_one_number(
        self, padding: list[bool], random: object
    ) -> None:
        order = sorted(range(len(padding)), key=lambda n: n + random.random() * 4)  # type: ignore[attr-defined]
        numbers = SequenceMap()
        given_out = []
        for n in order:
            value = numbers.swallow(n + 100) if padding[n] else numbers.forward(n + 100)
            if value is not None:
                given_out.append(value)
        assert len(given_out) == len(set(given_out))


class TestMissing:
    def test_a_gap_is_asked_for_at_once_and_again(self) -> None:
        missing = Missing()
        missing.gap(10, 13, now=0.0)
        assert missing.due(0.0) == [11, 12]
        assert missing.due(0.01) == []
        assert missing.due(nack.RETRY_SECONDS) == [11, 12]

    def test_what_came_is_asked_for_no_more(self) -> None:
        missing = Missing()
        missing.gap(10, 13, now=0.0)
        missing.received(11)
        assert missing.due(0.0) == [12]
        missing.received(12)
        assert not missing

    def test_after_ten_tries_it_is_given_up(self) -> None:
        missing = Missing()
        missing.gap(10, 12, now=0.0)
        asked = sum(len(missing.due(n * nack.RETRY_SECONDS)) for n in range(20))
        assert asked == nack.TRIES
        assert missing.lost
        assert not missing

    def test_an_outage_is_not_repaired_packet_by_packet(self) -> None:
        missing = Missing()
        missing.gap(0, nack.MOST_MISSING + 2, now=0.0)
        assert missing.due(0.0) == []
        assert missing.lost


class TestHistory:
    def test_a_packet_is_found_by_its_low_bits_until_it_is_overwritten(self) -> None:
        history = History()
        history.keep(Sent(70000, 0, 0, b"old", vp8.PLAIN))
        found = history.find(70000 & 0xFFFF)
        assert found is not None
        assert found.payload == b"old"
        assert history.find(70001 & 0xFFFF) is None
        history.keep(Sent(70000 + nack.HISTORY, 0, 0, b"new", vp8.PLAIN))
        assert history.find(70000 & 0xFFFF) is None


class TestResendGate:
    def test_repeats_within_a_tenth_of_a_second_are_ignored(self) -> None:
        gate = ResendGate()
        assert gate.opens(5, 1.0)
        assert not gate.opens(5, 1.05)
        assert gate.opens(5, 1.2)

    def test_the_fourth_time_is_refused(self) -> None:
        gate = ResendGate()
        assert [gate.opens(5, float(n)) for n in range(1, 5)] == [True, True, True, False]

    def test_a_number_that_came_round_again_is_new(self) -> None:
        gate = ResendGate()
        for n in range(3):
            gate.opens(5, float(n))
        assert gate.opens(5, 60.0)


class TestKeyframeRequests:
    def test_they_are_throttled_and_repeated_until_one_came(self) -> None:
        requests = KeyframeRequests()
        assert not requests.due(0.0)
        requests.want()
        assert requests.due(0.0)
        requests.want()
        assert not requests.due(INTERVAL_SECONDS / 2)
        assert requests.due(INTERVAL_SECONDS)
        requests.arrived()
        assert not requests.due(10.0)


class TestVp8:
    def test_a_key_frame_is_known_by_its_first_packet(self) -> None:
        assert vp8.parse(b"\x10\x00").starts_keyframe
        assert not vp8.parse(b"\x10\x01").starts_keyframe
        assert not vp8.parse(b"\x00\x00").starts_keyframe
        assert not vp8.parse(b"\x11\x00").starts_keyframe

    def test_numbers_are_found_and_shifted_in_place(self) -> None:
        payload = b"\x90\xe0" + struct.pack("!HBB", 0x8000 | 5, 3, 0x20) + b"\x00frame"
        descriptor = vp8.parse(payload)
        assert descriptor == (True, 5, 2, 2, 4)
        moved = vp8.shifted(payload, descriptor, 7, 4)
        assert vp8.parse(moved).picture_id == (5 - 7) & 0x7FFF
        assert moved[4] == 255
        assert len(moved) == len(payload)
        assert moved[5:] == payload[5:]

    def test_a_short_picture_id_stays_short(self) -> None:
        payload = b"\x90\x80\x05\x00frame"
        descriptor = vp8.parse(payload)
        assert descriptor.picture_id_bytes == 1
        assert vp8.shifted(payload, descriptor, 6, 0)[2] == 0x7F

    @given(st.binary(max_size=20), st.integers(0, 0x7FFF), st.integers(0, 255))
    def test_any_bytes_are_read_and_keep_their_length(
        self, payload: bytes, picture: int, tl0: int
    ) -> None:
        moved = vp8.shifted(payload, vp8.parse(payload), picture, tl0)
        assert len(moved) == len(payload)


class TestReceiverStats:
    def test_loss_since_the_last_report_and_in_all(self) -> None:
        stats = ReceiverStats(90000)
        for n in (0x10000, 0x10001, 0x10003):
            stats.packet(n, 0, 0.0)
        block = stats.block(5, 1.0)
        assert block is not None
        assert (block.fraction_lost, block.total_lost, block.highest) == (64, 1, 3)
        stats.packet(0x10004, 0, 0.0)
        block = stats.block(5, 2.0)
        assert block is not None
        assert (block.fraction_lost, block.total_lost) == (0, 1)

    def test_jitter_is_zero_for_an_even_stream_and_grows_with_an_uneven_one(self) -> None:
        even, uneven = ReceiverStats(1000), ReceiverStats(1000)
        for n in range(50):
            even.packet(n, n * 20, n * 0.02)
            uneven.packet(n, n * 20, n * 0.02 + (0.01 if n % 2 else 0.0))
        a, b = even.block(1, 1.0), uneven.block(1, 1.0)
        assert a is not None
        assert b is not None
        assert a.jitter == 0
        assert b.jitter >= 5

    def test_it_says_how_long_ago_the_last_sender_report_was(self) -> None:
        stats = ReceiverStats(90000)
        assert stats.block(5, 0.0) is None
        stats.packet(1, 0, 0.0)
        stats.sender_report(0x1234_5678_9ABC_DEF0, 10.0)
        block = stats.block(5, 10.5)
        assert block is not None
        assert (block.last_report, block.delay) == (0x5678_9ABC, 32768)


class TestSpeakers:
    def test_a_level_rises_at_once_and_decays(self) -> None:
        meter = SpeechMeter()
        meter.heard(b"\x94")  # voice, -20 dBov
        assert abs(meter.level - 0.1) < 1e-9
        meter.heard(b"\x7f")  # silence
        meter.decay()
        assert 0 < meter.level < 0.05

    def test_only_changes_are_told(self) -> None:
        assert changed_speakers({}, {"a": 0.5}) == {"a": 0.5}
        assert changed_speakers({"a": 0.5}, {"a": 0.55}) == {}
        assert changed_speakers({"a": 0.5}, {"a": 0.9}) == {"a": 0.9}
        assert changed_speakers({"a": 0.5, "b": 0.2}, {"b": 0.2}) == {"a": 0.0}
