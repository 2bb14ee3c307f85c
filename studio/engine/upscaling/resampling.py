"""Plain resampling: smaller by averaging areas, larger by Lanczos. Nothing here invents detail."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

Size = tuple[int, int]


def resample(image: Image.Image, size: Size) -> Image.Image:
    """``image`` at ``size`` (width, height); averaged where it shrinks both ways, else by Lanczos."""
    if image.size == size:
        return image
    if size[0] <= image.width and size[1] <= image.height:
        # OpenCV weights the pixels an area cuts through; Pillow's box filter takes them whole or not at all.
        return Image.fromarray(cv2.resize(np.asarray(image), size, interpolation=cv2.INTER_AREA))
    return lanczos(image, size)


def lanczos(image: Image.Image, size: Size) -> Image.Image:
    """``image`` at ``size`` by Lanczos, in either direction."""
    return image.resize(size, Image.Resampling.LANCZOS)
