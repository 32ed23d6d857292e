"""The compiled search of a deflate stream (RFC 1951) for the filtered rows of photos.

zlib takes the longest match, however far and however cheap the bytes that it stands for. Of the noise that is
left when a photo's pixels are foretold from their neighbours most matches cost more than their bytes: here
one is taken by what it saves, in the prices of what was written before. Only the first bytes that matches
must share are looked up, six of them: fewer hardly ever save anything.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .huffman_kernels import (
    BARE,
    DISTANCE_EXTRA,
    DISTANCES,
    FIRST_LENGTH,
    LENGTH_CODES,
    LENGTH_EXTRA,
    LITERALS,
    distance_code,
    put_bits,
    write_block,
)

WINDOW = 32768
LONGEST = 258
SHARED = 6
"""Bytes of a match at least."""

TABLE_BITS = 16
TRIES, HURRIED_TRIES = 4, 1
"""Places that are looked at for each byte."""

PATIENCE, HASTE, MOST_PASSED = 8, 3, 8
"""In a hurry: after so many bytes without a match one is looked for less often, at first at every second,
then (bytes so far, shifted by HASTE) at ever fewer."""

PART = 4096
"""Tokens between which a new block may begin, and after which prices are set anew."""

UNIT = 16
"""Prices are in sixteenths of a bit."""

ADVANTAGE = 16
"""What a match must save at least, since every one makes bytes dearer: by trial."""

SURE = 48
"""Bytes of a match that is taken whatever they would cost one by one."""

HEAD = 600.0
"""Bits of a block's head."""

_LOGS = np.concatenate([[0.0], np.log2(np.arange(1, 4096))]).astype(np.float32)


@njit("f4(i8)", **BARE)
def _log(value):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return the binary logarithm of a whole number, 0 for 0, to three digits."""
    whole = np.float32(0)
    while value >= 4096:
        value >>= 1
        whole += np.float32(1)
    return whole + _LOGS[value]


@njit("f4(i8[::1], i8[::1])", cache=True, nogil=True)
def _bits(one, other):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return the bits of symbols that occur as often as in two parts together."""
    total, made = 0, np.float32(0)
    for i in range(len(one)):
        count = one[i] + other[i]
        total += count
        made -= np.float32(count) * _log(count)
    return made + np.float32(total) * _log(total)


@njit("void(i8[::1], i8[::1], i4[::1], i4[::1], i4[::1])", cache=True, nogil=True)
def _set_prices(literals, distances, literal, length, distance):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Set prices by how often symbols occurred: of bytes (256,), lengths (259,), codes of distances (30,)."""
    every, far = _log(literals.sum() + LITERALS), _log(distances.sum() + DISTANCES)
    for i in range(256):
        literal[i] = np.int32(UNIT * min(every - _log(literals[i] + 1), np.float32(15)))
    for i in range(3, 259):
        k = LENGTH_CODES[i]
        bits = min(every - _log(literals[FIRST_LENGTH + k] + 1), np.float32(15)) + LENGTH_EXTRA[k]
        length[i] = np.int32(UNIT * bits)
    for k in range(30):
        bits = min(far - _log(distances[k] + 1), np.float32(15)) + DISTANCE_EXTRA[k]
        distance[k] = np.int32(UNIT * bits)


@njit("i8(u1[::1], i4[::1], i4[::1], i8)", **BARE)
def _enter(data, heads, earlier, at):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Enter a place under its first bytes, and return the last one that had the same."""
    i = np.uint64(at)
    word = np.uint64(data[i]) | np.uint64(data[i + np.uint64(1)]) << np.uint64(8)
    word |= np.uint64(data[i + np.uint64(2)]) << np.uint64(16)
    word |= np.uint64(data[i + np.uint64(3)]) << np.uint64(24)
    word |= np.uint64(data[i + np.uint64(4)]) << np.uint64(32)
    word |= np.uint64(data[i + np.uint64(5)]) << np.uint64(40)
    key = (word * np.uint64(0x9E3779B185EBCA87)) >> np.uint64(64 - TABLE_BITS)
    last = heads[key]
    earlier[np.uint64(at & (WINDOW - 1))] = last
    heads[key] = at
    return np.int64(last)


@njit("UniTuple(i8, 3)(u1[::1], i4[::1], i8, i8, i8, i8, i4[::1], i4[::1], i4[::1])", **BARE)
def _find_best(data, earlier, at, last, room, tries, literal, length, distance):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return length, distance and saving of the match that saves most; zeros where none does."""
    found, far, most = 0, 0, 0
    longest = SHARED - 1
    for _ in range(tries):
        if last < 0 or at - last >= WINDOW:
            break
        if data[last + longest] == data[at + longest] and data[last] == data[at]:
            same = 1
            while same < room and data[last + same] == data[at + same]:
                same += 1
            if same > longest:
                longest = same
                saved = 1 << 20
                if same < SURE:
                    saved = -ADVANTAGE
                    for i in range(at, at + same):
                        saved += literal[data[i]]
                saved -= length[same] + distance[distance_code(at - last)]
                if saved > most:
                    found, far, most = same, at - last, saved
                if same >= SURE:
                    break
        last = np.int64(earlier[last & (WINDOW - 1)])
    return found, far, most


@njit(
    "void(u1[::1], i8, b1, i8[::1], i4[::1], i4[::1], i4[::1], i8[::1], i8[::1], i4[::1], i4[::1], i4[::1])",
    **BARE,
)
def _parse(  # type: ignore[no-untyped-def]  # pragma: no cover
    data, end, hurried, state, heads, earlier, tokens, literals, distances, literal, length, distance
):
    """Turn the bytes at state[0] into tokens behind state[1] until there is another PART, or no byte is left.

    A match waits, as length, distance and saving in state[2:5], whether the one that begins a byte later
    saves more. literals and distances count what is written.
    """
    at, many, held, held_far, held_saving = state[0], state[1], state[2], state[3], state[4]
    full = many + PART
    tries = HURRIED_TRIES if hurried else TRIES
    missed = 0
    while at < end and many < full:
        found, far, saving = 0, 0, 0
        missed += 1
        if hurried and held == 0 and missed > PATIENCE:
            # The longer there was no match, the more bytes are passed over between two looks.
            stop = min(at + min(missed >> HASTE, MOST_PASSED), end, at + full - many)
            while at < stop:
                tokens[many] = data[at]
                literals[data[at]] += 1
                many += 1
                at += 1
                missed += 1
            if at >= end or many >= full:
                break
        if at + SHARED <= end:
            last = _enter(data, heads, earlier, at)
            if last >= 0 and held < SURE:
                room = min(LONGEST, end - at)
                found, far, saving = _find_best(
                    data, earlier, at, last, room, tries, literal, length, distance
                )
        if held and held_saving >= saving:
            tokens[many] = held << 15 | (held_far - 1)
            literals[FIRST_LENGTH + LENGTH_CODES[held]] += 1
            distances[distance_code(held_far)] += 1
            stop = at - 1 + held
            # Of what is alike for long the end will do.
            for i in range(max(at + 1, stop - SURE), min(stop, end - SHARED + 1)):
                _enter(data, heads, earlier, i)
            many += 1
            at, held, missed = stop, 0, 0
            continue
        if held:
            tokens[many] = data[at - 1]
            literals[data[at - 1]] += 1
            many += 1
        held, held_far, held_saving = found, far, saving
        if found == 0:
            tokens[many] = data[at]
            literals[data[at]] += 1
            many += 1
        at += 1
    state[0], state[1], state[2], state[3], state[4] = at, many, held, held_far, held_saving


@njit("i8[::1](u1[::1], i8, i8)", cache=True, nogil=True)
def _guess(data, start, end):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return how often symbols may occur, before any has: bytes as in the data, long matches the least."""
    made = np.ones(LITERALS, np.int64)
    end = min(end, start + 65536)
    for i in range(start, end):
        made[data[i]] += 1
    for k in range(29):
        made[FIRST_LENGTH + k] = max((end - start) >> (6 + k // 2), 1)
    return made


@njit("i8(u1[::1], i8, i8, b1, b1, u1[::1])", cache=True, nogil=True)
def deflate(data, start, end, final, hurried, out):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write data[start:end] as blocks of a stream and return their bytes. A reader knows what is before.

    final: the stream ends with them; else they end on a byte, so that others can be put behind them.
    hurried: in 0.4 of the time, and 6 percent larger.
    out: room for what is written, an eighth more than the data and a few hundred bytes.
    """
    sink, state = np.zeros(3, np.int64), np.zeros(5, np.int64)
    heads, earlier = np.full(1 << TABLE_BITS, -1, np.int32), np.full(WINDOW, -1, np.int32)
    for at in range(max(0, start - WINDOW + 1), min(start, end - SHARED)):
        _enter(data, heads, earlier, at)
    literal, length, distance = (
        np.zeros(256, np.int32),
        np.zeros(259, np.int32),
        np.zeros(DISTANCES, np.int32),
    )
    prices = literal, length, distance
    _set_prices(_guess(data, start, end), np.full(DISTANCES, 4), *prices)
    tokens = np.empty(end - start + 2, np.int32)
    # How often symbols occur: in the block so far, and in the part behind it.
    literals, distances = np.zeros(LITERALS, np.int64), np.zeros(DISTANCES, np.int64)
    late, late_distances = np.zeros(LITERALS, np.int64), np.zeros(DISTANCES, np.int64)
    none, begun = np.zeros(LITERALS, np.int64), 0
    state[0] = start
    while state[0] < end:
        part = state[1]
        late[:], late_distances[:] = 0, 0
        _parse(data, end, hurried, state, heads, earlier, tokens, late, late_distances, *prices)
        together = _bits(literals, late) + _bits(distances, late_distances)
        apart = _bits(literals, none) + _bits(distances, none)
        apart += _bits(late, none) + _bits(late_distances, none)
        if part > begun and apart + HEAD < together:
            write_block(out, sink, tokens[begun:part], literals, distances, False)
            begun = part
            literals[:], distances[:] = 0, 0
        # Of the last part alone: with half of all before it files are one to two percent larger.
        _set_prices(late, late_distances, *prices)
        literals += late
        distances += late_distances
    write_block(out, sink, tokens[begun : state[1]], literals, distances, final)
    if not final:
        # An empty stored block.
        put_bits(out, sink, 0, 3)
    if sink[2]:
        put_bits(out, sink, 0, 8 - sink[2])
    if not final:
        put_bits(out, sink, 0xFFFF0000, 32)
    return sink[0]
