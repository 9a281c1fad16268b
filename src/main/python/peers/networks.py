"""The networks that `./lab bench model` measures, for PyTorch, with random weights.

Folded: parallel kernels merged and every batch norm folded into the convolution beside it, so that a convolution has a bias
and nothing follows it but its activation. Otherwise as they are trained.
"""

from torch import nn


def make(name, folded):
    """A network by the name it has on the command line."""
    family, _, size = name.partition("-")
    if family == "mobilenetv2":
        return MobileNetV2(float(size), folded)
    return RepLKNet(*REPLKNETS[size], folded)


# Kernels, width of the first stage, small kernel, and depthwise channels over the stage's (RepLKNet paper, section 4.1 and
# table 5). The width doubles from stage to stage.
REPLKNETS = {
    "3": ((3, 3, 3, 3), 128, 0, 1),
    "7": ((7, 7, 7, 7), 128, 5, 1),
    "13": ((13, 13, 13, 13), 128, 5, 1),
    "25": ((25, 25, 25, 13), 128, 5, 1),
    "31b": ((31, 29, 27, 13), 128, 5, 1),
    "31l": ((31, 29, 27, 13), 192, 5, 1),
    "xl": ((27, 27, 27, 13), 256, 0, 1.5),
}
BLOCKS = (2, 2, 18, 2)


def norm(channels, folded):
    return nn.Identity() if folded else nn.BatchNorm2d(channels)


def conv_norm(channels_in, channels_out, kernel, folded, stride=1, depthwise=False):
    groups = channels_in if depthwise else 1
    conv = nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, groups=groups, bias=folded)
    return conv if folded else nn.Sequential(conv, nn.BatchNorm2d(channels_out))


class LargeKernel(nn.Module):
    """A large depthwise convolution with a parallel small one; folded they are one."""

    def __init__(self, channels, kernel, small, folded):
        super().__init__()
        self.large = conv_norm(channels, channels, kernel, folded, depthwise=True)
        self.small = conv_norm(channels, channels, small, folded, depthwise=True) if small and not folded else None

    def forward(self, x):
        return self.large(x) if self.small is None else self.large(x) + self.small(x)


class Residual(nn.Module):
    def __init__(self, *branch):
        super().__init__()
        self.branch = nn.Sequential(*branch)

    def forward(self, x):
        return x + self.branch(x)


def replk_block(channels, inner, kernel, small, folded):
    return Residual(
        norm(channels, folded),
        conv_norm(channels, inner, 1, folded),
        nn.ReLU(),
        LargeKernel(inner, kernel, small, folded),
        nn.ReLU(),
        conv_norm(inner, channels, 1, folded),
    )


def conv_ffn(channels, folded):
    return Residual(
        norm(channels, folded),
        conv_norm(channels, 4 * channels, 1, folded),
        nn.GELU(),
        conv_norm(4 * channels, channels, 1, folded),
    )


class RepLKNet(nn.Module):
    def __init__(self, kernels, first, small, depthwise_ratio, folded):
        super().__init__()
        channels = [first << stage for stage in range(len(kernels))]
        layers = [
            conv_norm(3, first, 3, folded, stride=2),
            nn.ReLU(),
            conv_norm(first, first, 3, folded, depthwise=True),
            nn.ReLU(),
            conv_norm(first, first, 1, folded),
            nn.ReLU(),
            conv_norm(first, first, 3, folded, stride=2, depthwise=True),
            nn.ReLU(),
        ]
        for stage, (kernel, count, width) in enumerate(zip(kernels, BLOCKS, channels)):
            if stage > 0:
                layers += [
                    conv_norm(channels[stage - 1], width, 1, folded),
                    nn.ReLU(),
                    conv_norm(width, width, 3, folded, stride=2, depthwise=True),
                    nn.ReLU(),
                ]
            for _ in range(count):
                inner = int(width * depthwise_ratio)
                layers += [replk_block(width, inner, kernel, small, folded), conv_ffn(width, folded)]
        layers.append(norm(channels[-1], folded))
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(channels[-1], 1000)

    def forward(self, x):
        return self.head(self.features(x).mean((2, 3)))


class InvertedResidual(nn.Module):
    def __init__(self, channels_in, channels_out, expansion, stride, folded):
        super().__init__()
        inner = channels_in * expansion
        layers = [] if expansion == 1 else [conv_norm(channels_in, inner, 1, folded), nn.ReLU6()]
        layers += [
            conv_norm(inner, inner, 3, folded, stride=stride, depthwise=True),
            nn.ReLU6(),
            conv_norm(inner, channels_out, 1, folded),
        ]
        self.branch = nn.Sequential(*layers)
        self.shortcut = stride == 1 and channels_in == channels_out

    def forward(self, x):
        return x + self.branch(x) if self.shortcut else self.branch(x)


# Expansion, channels, blocks and stride of each stage (Sandler et al. 2018, table 2).
MOBILENET_STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


class MobileNetV2(nn.Module):
    def __init__(self, width, folded):
        super().__init__()

        def scaled(channels):
            rounded = max(8, int(channels * width + 4) // 8 * 8)
            return rounded + 8 if rounded < 0.9 * channels * width else rounded

        before = scaled(32)
        layers = [conv_norm(3, before, 3, folded, stride=2), nn.ReLU6()]
        for expansion, channels, blocks, stride in MOBILENET_STAGES:
            for block in range(blocks):
                after = scaled(channels)
                layers.append(InvertedResidual(before, after, expansion, stride if block == 0 else 1, folded))
                before = after
        layers += [conv_norm(before, 1280, 1, folded), nn.ReLU6()]
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(1280, 1000)

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))
