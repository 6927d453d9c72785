"""Small JPEGs of house pictures, for pages that show what is on air."""

import io

import numpy as np
from PIL import Image

from config.names import HouseFormat
from playout.engine.links.ring import Picture, planes

PICTURE_WIDTH = 640


def jpeg(picture: Picture, house: HouseFormat) -> bytes:
    """Return a house picture as a JPEG of about PICTURE_WIDTH pixels across."""
    step = max(1, house.width // PICTURE_WIDTH)
    luma, blue, red = planes(picture, house.width, house.height)
    y = (luma[::step, ::step].astype(np.float32) - 16) * (255 / 219)
    rows, columns = y.shape
    down, across = np.arange(rows) * step // 2, np.arange(columns) * step // 2
    u = (blue[np.ix_(down, across)].astype(np.float32) - 128) * (255 / 224)
    v = (red[np.ix_(down, across)].astype(np.float32) - 128) * (255 / 224)
    rgb = np.stack([y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u], axis=2)
    image = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=75)
    return out.getvalue()
