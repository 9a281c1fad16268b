"""Pillow and NumPy: images read from files by threads, which Pillow lets work side by side."""

from concurrent.futures import ThreadPoolExecutor

import image_reading
import numpy as np
import PIL
from PIL import Image


class Engine:
    version = PIL.__version__

    def __init__(self, layout, compiled, threads):
        self.pool = ThreadPoolExecutor(threads)

    def prepare(self, case):
        files = image_reading.files(case)
        size = case["batch"]
        batches = [files[i : i + size] for i in range(0, len(files), size)]
        side = case["resolution"]
        read = self._part if case["pass"] == "training" else self._centre

        def make(batch):
            images = np.empty((len(batch), side, side, 3), np.float32)
            for image, file in zip(images, batch, strict=True):
                np.divide(np.asarray(read(file, side)), 255, out=image)
                image -= image_reading.MEAN
                image /= image_reading.DEVIATION
            return images

        def run():
            for _ in self.pool.map(make, batches):
                pass

        return run

    @staticmethod
    def _centre(file, side):
        image = Image.open(file).convert("RGB")
        shorter = image_reading.shorter_side(side)
        scale = shorter / min(image.size)
        image = image.resize([max(shorter, int(length * scale)) for length in image.size], Image.BICUBIC)
        left, top = (round((length - side) / 2) for length in image.size)
        return image.crop((left, top, left + side, top + side))

    @staticmethod
    def _part(file, side):
        image = Image.open(file).convert("RGB")
        box = image_reading.part(*image.size)
        return image.resize((side, side), Image.BICUBIC, box=box)
