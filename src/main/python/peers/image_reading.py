"""What the peers that read images have in common."""

import math
import random
from pathlib import Path

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


def files(case):
    return sorted(Path(case["folder"], "val", "images").iterdir())


def shorter_side(side):
    """What the shorter side becomes before the centre is cut out."""
    return int(side / 0.875)


def part(width, height):
    """A random part of 8 to 100 % of the area with an aspect ratio of 3/4 to 4/3; the whole after ten misses."""
    bound = math.log(4 / 3)
    for _ in range(10):
        area = random.uniform(0.08, 1) * width * height
        aspect = math.exp(random.uniform(-bound, bound))
        w, h = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 1 <= w <= width and 1 <= h <= height:
            left, top = random.randint(0, width - w), random.randint(0, height - h)
            return left, top, left + w, top + h
    return 0, 0, width, height
