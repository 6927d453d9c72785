"""Sizes and filters that bring pictures of any shape to one size."""

from fractions import Fraction
from pathlib import Path

from av.video.frame import VideoFrame

from media.asset import AssetFacts
from media.colour import SCALER, matrix_of
from media.shapes import shape_of

LARGEST = (1920, 1080)
DEINTERLACE = "yadif=deint=interlaced"
"""Filter that deinterlaces only the pictures marked as interlaced."""
TURNS = {90: ("transpose=clock",), 180: ("hflip", "vflip"), 270: ("transpose=cclock",)}


def house_size(width: int, height: int) -> tuple[int, int]:
    """Return the size to copy at: the same shape, even, within 1920 by 1080."""
    share = min(1.0, LARGEST[0] / width, LARGEST[1] / height)
    return max(2, round(width * share / 2) * 2), max(2, round(height * share / 2) * 2)


def inside(shown: tuple[int | Fraction, int], canvas: tuple[int, int]) -> tuple[int, int]:
    """Return the largest even size of this shape within the canvas, both in square pixels."""
    share = min(canvas[0] / Fraction(shown[0]), Fraction(canvas[1], shown[1]))
    return max(2, round(shown[0] * share / 2) * 2), max(2, round(shown[1] * share / 2) * 2)


def corner(box: tuple[int, int], canvas: tuple[int, int]) -> tuple[int, int]:
    """Return left and top of a centred box; both even, as chroma needs."""
    return (canvas[0] - box[0]) // 4 * 2, (canvas[1] - box[1]) // 4 * 2


def shape_steps(
    facts: AssetFacts, frame: VideoFrame, sar: Fraction | None, cube: Path | None
) -> list[str]:
    """Return the filters that make pictures of this one's shape fit for air, in order."""
    shape = shape_of(frame, sar)
    matrix = matrix_of(int(frame.colorspace), frame.width, frame.height)
    width, height = canvas = house_size(facts.width, facts.height)
    wide, high = inside(shape.shown, canvas) if facts.changing else canvas
    steps = ["yadif"] if facts.interlaced else []
    if facts.changing:
        steps = [DEINTERLACE]
    steps += TURNS.get(shape.turn if facts.changing else facts.rotation, ())
    if cube is not None:
        steps.append(f"scale={wide}:{high}:flags=bicubic")
        steps += ["format=gbrp10le", f"lut3d=file={cube.name}", "format=gbrp"]
        steps.append(f"scale={wide}:{high}:out_color_matrix=bt709:out_range=tv")
    else:
        came = f"in_color_matrix={SCALER.get(matrix, 'bt601')}"
        steps.append(f"scale={wide}:{high}:flags=bicubic+accurate_rnd+full_chroma_int:{came}")
        steps[-1] += ":out_color_matrix=bt709:out_range=tv"
    steps += ["setsar=1", "format=yuv420p"]
    if (wide, high) != canvas:
        x, y = corner((wide, high), canvas)
        steps.append(f"pad={width}:{height}:{x}:{y}")
    return steps
