"""The compiled writing of deflate's blocks (RFC 1951): codes fitted to what a block holds, and its bits.

A token is a byte, or a match: its length shifted by 15 bits, and its distance less one.
A sink is int64 (3,): the place of the next byte, bits that wait to be written, how many they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

BARE: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
"""Options of inner loops, which make no arrays: numba's counting of references would be half their time."""

LENGTH_BASE = np.array(
    [
        *range(3, 11),
        *range(11, 19, 2),
        *range(19, 35, 4),
        *range(35, 67, 8),
        *range(67, 131, 16),
        *range(131, 258, 32),
        258,
    ],
    np.int64,
)
LENGTH_EXTRA = np.array([0] * 8 + [at // 4 for at in range(4, 24)] + [0], np.int64)
DISTANCE_EXTRA = np.array([0, 0, *(at // 2 for at in range(28))], np.int64)
DISTANCE_BASE = 1 + np.concatenate([[0], np.cumsum(1 << DISTANCE_EXTRA[:-1])])
"""RFC 1951, 3.2.5."""

LENGTH_CODES = (np.searchsorted(LENGTH_BASE, np.arange(259), side="right") - 1).astype(np.int64)
NEAR_CODES = (np.searchsorted(DISTANCE_BASE, np.arange(257), side="right") - 1).astype(np.int64)
FAR_CODES = (np.searchsorted(DISTANCE_BASE, np.arange(256) * 128 + 1, side="right") - 1).astype(np.int64)

LITERALS, DISTANCES, ORDERED = 286, 30, 19
END_OF_BLOCK, FIRST_LENGTH = 256, 257
LONGEST_CODE, LONGEST_OF_LENGTHS = 15, 7
ORDER = np.array([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15], np.int64)
"""In which order the lengths of the code of lengths are written; RFC 1951, 3.2.7."""

REPEAT, ZEROS, MANY_ZEROS = 16, 17, 18


@njit("i8(i8)", **BARE)
def distance_code(distance):  # type: ignore[no-untyped-def]  # pragma: no cover
    return NEAR_CODES[distance] if distance <= 256 else FAR_CODES[(distance - 1) >> 7]


@njit("void(u1[::1], i8[::1], i8, i8)", **BARE)
def put_bits(out, sink, value, bits):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the lowest bits of a value, the last one first."""
    sink[1] |= value << sink[2]
    sink[2] += bits
    while sink[2] >= 8:
        out[sink[0]] = sink[1] & 255
        sink[0] += 1
        sink[1] >>= 8
        sink[2] -= 8


@njit("i8[::1](i8[::1])", cache=True, nogil=True)
def _depths(weights):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return how deep each leaf, lightest first, is in Huffman's tree (van Leeuwen's two queues)."""
    many = len(weights)
    weight = np.zeros(2 * many, np.int64)
    weight[:many] = weights
    parent = np.zeros(2 * many, np.int64)
    leaf, inner = 0, many
    for node in range(many, 2 * many - 1):
        for _ in range(2):
            if leaf < many and (inner >= node or weight[leaf] <= weight[inner]):
                lightest = leaf
                leaf += 1
            else:
                lightest = inner
                inner += 1
            weight[node] += weight[lightest]
            parent[lightest] = node
    depth = np.zeros(2 * many, np.int64)
    for node in range(2 * many - 3, -1, -1):
        depth[node] = depth[parent[node]] + 1
    return depth[:many]


@njit("i8[::1](i8[::1], i8)", cache=True, nogil=True)
def lengths(counts, limit):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return how many bits each symbol is written in, at most `limit`; 0 for those that do not occur."""
    made = np.zeros(len(counts), np.int64)
    order = np.sort(counts * 1024 + np.arange(len(counts)))
    order = order[order >= 1024]
    many = len(order)
    if many < 2:
        for i in range(many):
            made[order[i] & 1023] = 1
        return made
    depths = _depths(order >> 10)
    of_length = np.zeros(limit + 1, np.int64)
    for i in range(many):
        of_length[min(depths[i], limit)] += 1
    room = 0
    for bits in range(1, limit + 1):
        room += of_length[bits] << (limit - bits)
    while room > 1 << limit:
        # One of the longest takes half the place of a shorter one.
        bits = limit - 1
        while of_length[bits] == 0:
            bits -= 1
        of_length[limit] -= 1
        of_length[bits] -= 1
        of_length[bits + 1] += 2
        room -= 1
    at = 0
    for bits in range(limit, 0, -1):
        for _ in range(of_length[bits]):
            made[order[at] & 1023] = bits
            at += 1
    return made


@njit("i8[::1](i8[::1])", cache=True, nogil=True)
def codes(bits):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return the codes of symbols of these lengths, their bits in the order in which they are written."""
    first = np.zeros(LONGEST_CODE + 2, np.int64)
    for length in bits:
        if length:
            first[length + 1] += 1
    for length in range(1, LONGEST_CODE + 2):
        first[length] = (first[length - 1] + first[length]) << 1
    made = np.zeros(len(bits), np.int64)
    for symbol in range(len(bits)):
        code = first[bits[symbol]]
        first[bits[symbol]] += 1
        for _ in range(bits[symbol]):
            made[symbol] = made[symbol] << 1 | (code & 1)
            code >>= 1
    return made


@njit("void(u1[::1], i8[::1], i8[::1], i8[::1], b1)", cache=True, nogil=True)
def _write_head(out, sink, literal_bits, distance_bits, final):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write a block's head: the lengths of its codes, themselves packed."""
    last = LITERALS
    while literal_bits[last - 1] == 0:
        last -= 1
    last_distance = DISTANCES
    while last_distance > 1 and distance_bits[last_distance - 1] == 0:
        last_distance -= 1
    told = np.concatenate((literal_bits[:last], distance_bits[:last_distance]))
    symbols, extra, many = np.zeros(len(told), np.int64), np.zeros(len(told), np.int64), 0
    at = 0
    while at < len(told):
        value, run = told[at], 1
        while at + run < len(told) and told[at + run] == value and run < 138:
            run += 1
        symbols[many] = value
        if value == 0 and run >= 3:
            symbols[many], extra[many] = (ZEROS, run - 3) if run <= 10 else (MANY_ZEROS, run - 11)
        elif at and value == told[at - 1] and run >= 3:
            run = min(run, 6)
            symbols[many], extra[many] = REPEAT, run - 3
        else:
            run = 1
        at += run
        many += 1
    bits = lengths(np.bincount(symbols[:many], minlength=ORDERED).astype(np.int64), LONGEST_OF_LENGTHS)
    code = codes(bits)
    listed = ORDERED
    while listed > 4 and bits[ORDER[listed - 1]] == 0:
        listed -= 1
    put_bits(out, sink, (1 if final else 0) | 2 << 1, 3)
    put_bits(out, sink, (last - 257) | (last_distance - 1) << 5 | (listed - 4) << 10, 14)
    for i in range(listed):
        put_bits(out, sink, bits[ORDER[i]], 3)
    for i in range(many):
        symbol = symbols[i]
        put_bits(out, sink, code[symbol], bits[symbol])
        if symbol >= REPEAT:
            put_bits(out, sink, extra[i], 7 if symbol == MANY_ZEROS else symbol - 14)


@njit("void(u1[::1], i8[::1], i4[::1], i8[::1], i8[::1], i8[::1], i8[::1])", **BARE)
def _write_tokens(out, sink, tokens, bits, code, far_bits, far_code):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write tokens in codes of so many bits: of bytes and lengths, and of distances."""
    place, waiting, many = sink[0], np.uint64(sink[1]), sink[2]
    for i in range(len(tokens)):
        token = np.int64(tokens[i])
        if token < 256:
            waiting |= np.uint64(code[token]) << np.uint64(many)
            many += bits[token]
        else:
            # At most 20 bits of length and 28 of distance, and 15 are waiting.
            length, distance = token >> 15, np.int64(token & 0x7FFF) + 1
            k = LENGTH_CODES[length]
            waiting |= np.uint64(code[FIRST_LENGTH + k]) << np.uint64(many)
            many += bits[FIRST_LENGTH + k]
            waiting |= np.uint64(length - LENGTH_BASE[k]) << np.uint64(many)
            many += LENGTH_EXTRA[k]
            k = distance_code(distance)
            waiting |= np.uint64(far_code[k]) << np.uint64(many)
            many += far_bits[k]
            waiting |= np.uint64(distance - DISTANCE_BASE[k]) << np.uint64(many)
            many += DISTANCE_EXTRA[k]
        while many >= 16:
            out[place] = np.uint8(waiting & np.uint64(255))
            out[place + 1] = np.uint8(waiting >> np.uint64(8) & np.uint64(255))
            place += 2
            waiting >>= np.uint64(16)
            many -= 16
    sink[0], sink[1], sink[2] = place, np.int64(waiting), many


@njit("void(u1[::1], i8[::1], i4[::1], i8[::1], i8[::1], b1)", cache=True, nogil=True)
def write_block(out, sink, tokens, literals, distances, final):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write tokens as a block. literals (286,), distances (30,): how often each symbol occurs in them."""
    literals[END_OF_BLOCK] = 1
    bits, far_bits = lengths(literals, LONGEST_CODE), lengths(distances, LONGEST_CODE)
    if far_bits.max() == 0:
        far_bits[0] = 1
    _write_head(out, sink, bits, far_bits, final)
    code, far_code = codes(bits), codes(far_bits)
    _write_tokens(out, sink, tokens, bits, code, far_bits, far_code)
    put_bits(out, sink, code[END_OF_BLOCK], bits[END_OF_BLOCK])
