"""The number drawn into the picture that a browser shows at this moment."""

import base64
import io

import numpy as np
from PIL import Image
from playwright.sync_api import Page
from support.marks import read_mark

_PICTURE = """() => {
  const video = document.querySelector("#picture"), canvas = document.createElement("canvas");
  canvas.width = video.videoWidth; canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


def shown_frame(page: Page) -> int | None:
    """Return the number in the picture of the player; None where it carries none."""
    picture = Image.open(io.BytesIO(base64.b64decode(page.evaluate(_PICTURE))))
    mark = read_mark(np.asarray(picture.convert("L")))
    return mark.frame if mark is not None else None
