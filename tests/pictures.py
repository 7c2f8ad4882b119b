"""PNG images as arrays of ink, so that a test can see."""

import struct
import zlib

import numpy as np


def size(png: bytes) -> tuple[int, int]:
    """Return width and height in pixels."""
    return struct.unpack(">II", png[16:24])


def ink(png: bytes) -> np.ndarray:
    """Return how dark every pixel is, 0 (white) to 1 (black); RGBA of eight bits, as vl-convert writes it."""
    width, height = size(png)
    rows = np.frombuffer(zlib.decompress(_pixels(png)), np.uint8).reshape(height, 1 + 4 * width)
    image = np.zeros((height, width, 4), np.uint8)
    above = np.zeros((width, 4), np.uint8)
    for number, row in enumerate(rows):
        above = _unfiltered(row[0], row[1:].reshape(width, 4), above)
        image[number] = above
    return 1 - image[..., :3].mean(axis=2) / 255


def _unfiltered(kind: int, row: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Undo the filters that look left (1) or up (2); the others were never seen in these images."""
    assert kind in {0, 1, 2}
    if kind == 1:
        return np.cumsum(row, axis=0, dtype=np.uint8)
    return row + above if kind == 2 else row


def _pixels(png: bytes) -> bytes:
    found, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            found += png[at + 8 : at + 8 + length]
        at += length + 12
    return found
