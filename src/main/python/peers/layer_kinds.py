"""Kinds of layers under the names that our own tables have (`replklab.analysis.LayerKind`)."""


def convolution(weight, groups_first=False):
    """Of a convolution whose weight is (out, in, kernel, kernel), or (groups, out, in, kernel, kernel)."""
    *_, inputs, height, width = weight
    depthwise = groups_first or (inputs == 1 and weight[0] > 1)
    if depthwise:
        return f"depthwise {height}x{width}"
    return "pointwise" if height == width == 1 else f"convolution {height}x{width}"


class Measured:
    """What is measured, and who tells milliseconds by kind of layer of it."""

    def __init__(self, run, layers):
        self.run = run
        self.layers = layers

    def __call__(self):
        return self.run()
