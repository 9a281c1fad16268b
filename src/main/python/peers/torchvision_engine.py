"""torchvision: images read from files by a DataLoader's worker processes, as PIL images or as tensors."""

import image_reading
import torch
import torchvision
from torch.utils.data import DataLoader, Dataset
from torchvision.datasets.folder import default_loader
from torchvision.io import ImageReadMode, decode_image
from torchvision.transforms import InterpolationMode, v2


class Files(Dataset):
    def __init__(self, files, load, transforms):
        self.files, self.load, self.transforms = files, load, transforms

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        return self.transforms(self.load(str(self.files[index])))


def load_tensor(file):
    return decode_image(file, mode=ImageReadMode.RGB)


class Engine:
    version = torchvision.__version__

    def __init__(self, layout, compiled, threads):
        self.tensors = layout == "tensor"
        self.threads = threads
        torch.set_num_threads(threads)

    def prepare(self, case):
        side = case["resolution"]
        if case["pass"] == "training":
            cut = [v2.RandomResizedCrop(side, interpolation=InterpolationMode.BICUBIC)]
        else:
            shorter = image_reading.shorter_side(side)
            cut = [v2.Resize(shorter, interpolation=InterpolationMode.BICUBIC), v2.CenterCrop(side)]
        end = [v2.ToDtype(torch.float32, scale=True), v2.Normalize(image_reading.MEAN, image_reading.DEVIATION)]
        transforms = v2.Compose([*cut, *([] if self.tensors else [v2.ToImage()]), *end])
        loader = DataLoader(
            Files(image_reading.files(case), load_tensor if self.tensors else default_loader, transforms),
            batch_size=case["batch"],
            num_workers=self.threads,
            persistent_workers=True,
        )

        def run():
            for _ in loader:
                pass

        return run
