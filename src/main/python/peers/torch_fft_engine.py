"""Depthwise convolution by PyTorch's Fourier transforms, as one writes it where a kernel is large."""

import torch


class Engine:
    version = torch.__version__

    def __init__(self, layout, compiled, threads):
        torch.set_num_threads(threads)
        torch.manual_seed(1)

    def prepare(self, case):
        n, c, h, w, k = (case[key] for key in ("n", "channels", "height", "width", "kernel"))
        training = case["pass"] == "training"
        image = torch.randn(n, c, h, w).requires_grad_(training)
        filters = torch.randn(c, k, k).requires_grad_(training)
        upstream = torch.randn(n, c, h, w)
        size = (_fast(h + k // 2), _fast(w + k // 2))
        top = k // 2

        def convolve():
            # What wraps around falls into the rows and columns that padding puts outside the map.
            product = torch.fft.rfft2(image, size) * torch.fft.rfft2(filters.flip(1, 2), size)
            return torch.fft.irfft2(product, size)[:, :, top : top + h, top : top + w]

        def forward():
            with torch.inference_mode():
                convolve()

        def step():
            image.grad = filters.grad = None
            convolve().backward(upstream)

        return step if training else forward


def _fast(least):
    """The next length whose only factors are 2, 3, 5 and 7: transforms of such are fast."""
    while True:
        rest = least
        for factor in (2, 3, 5, 7):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return least
        least += 1
