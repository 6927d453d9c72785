"""High dynamic range converted to ordinary pictures: one table from BT.2020 PQ or HLG to BT.709."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

POINTS = 33
WHITE_NITS = 203.0
"""Graphics white in high dynamic range (ITU-R BT.2408)."""
PEAK = 1000.0 / WHITE_NITS
KNEE = 0.7
TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
)
"""Linear light, BT.2020 primaries to BT.709 primaries (ITU-R BT.2087)."""

Array = NDArray[np.float64]


def pq_light(signal: Array) -> Array:
    """Return the linear light of a PQ signal, 1.0 at graphics white (SMPTE ST 2084)."""
    power = signal ** (1 / 78.84375)
    over = np.maximum(power - 0.8359375, 0.0)
    nits = 10000.0 * (over / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
    return np.asarray(nits / WHITE_NITS)


def hlg_light(signal: Array) -> Array:
    """Return the linear light of an HLG signal on a 1000-nit screen, 1.0 at graphics white
    (BT.2100).
    """
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    luma = scene @ np.array([0.2627, 0.6780, 0.0593])
    return np.asarray(scene * luma[..., None] ** 0.2 * PEAK)


def rolled_off(light: Array) -> Array:
    """Compress highlights into the range of an ordinary screen; below the knee nothing changes."""
    peak = light.max(axis=-1, keepdims=True)
    reach = (np.clip(peak, KNEE, PEAK) - KNEE) / (PEAK - KNEE)
    bent = KNEE + (1 - KNEE) * (1 - (1 - reach) ** 3)
    share = np.where(peak > KNEE, bent / np.maximum(peak, 1e-6), 1.0)
    return np.asarray(light * share)


def _display(light: Array) -> Array:
    """Return the signal that makes an ordinary screen show this light (BT.1886)."""
    return np.asarray(np.clip(light, 0.0, 1.0) ** (1 / 2.4))


def write_cube(path: Path, *, hlg: bool) -> None:
    """Write the table as a .cube file for libav's lut3d."""
    steps = np.linspace(0.0, 1.0, POINTS)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    signal = np.stack([red, green, blue], axis=-1).reshape(-1, 3)
    light = hlg_light(signal) if hlg else pq_light(signal)
    shown = _display(rolled_off(np.maximum(light @ TO_709.T, 0.0)))
    rows = "\n".join(f"{r:.5f} {g:.5f} {b:.5f}" for r, g, b in shown)
    path.write_text(f"LUT_3D_SIZE {POINTS}\n{rows}\n", encoding="ascii")
