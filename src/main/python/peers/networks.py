"""A network of ours as PyTorch's own layers, made of the ONNX file that our exporter writes of it.

A folded network is one of convolutions with biases; one as it is trained has its norms, and they train here, too.
"""

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional


def make(file):
    return Network(onnx.load(file).graph)


def simplified(graph):
    """The nodes that lead to the output, with what this version of the file format has no operator for as one node."""
    makers = {name: node for node in graph.node for name in node.output}
    nodes, wanted = [], {graph.output[0].name}
    for node in reversed(graph.node):
        if not wanted.intersection(node.output):
            continue
        node = gelu(node, makers) or patches(node, makers) or node
        nodes.append(node)
        wanted.update(node.input)
    return nodes[::-1]


def chain(node, makers, *operators):
    """The nodes that lead to this one, the last first, if these are their operators; None if not."""
    found = []
    for operator in operators:
        if node is None or node.op_type != operator:
            return None
        found.append(node)
        node = makers.get(node.input[0])
    return found


def gelu(node, makers):
    """x (1 + erf(x / sqrt(2))) / 2."""
    if chain(node, makers, "Mul", "Mul") and node.input[0] in makers:
        product = makers[node.input[0]]
        found = chain(makers.get(product.input[1]), makers, "Add", "Erf", "Div")
        if found and found[-1].input[0] == product.input[0]:
            return onnx.helper.make_node("Gelu", [product.input[0]], node.output)
    return None


def patches(node, makers):
    """A pointwise convolution of squares of the image, cut to whole ones: a convolution with their side as its stride."""
    found = chain(node, makers, "Conv", "SpaceToDepth", "Slice")
    if not found:
        return None
    side = onnx.helper.get_attribute_value(found[1].attribute[0])
    return onnx.helper.make_node("Conv", [found[2].input[0], *node.input[1:]], node.output, side=side)


class Network(nn.Module):
    """Carries out the nodes of a graph in order; what has weights is a layer."""

    def __init__(self, graph):
        super().__init__()
        self.constants = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
        for node in graph.node:
            if node.op_type == "Unsqueeze" and node.input[0] in self.constants:
                value, axes = (self.constants[name] for name in node.input)
                self.constants[node.output[0]] = np.expand_dims(value, tuple(axes))
        self.input = graph.input[0].name
        self.output = graph.output[0].name
        self.layers = nn.ModuleList()
        self.steps = []
        for node in simplified(graph):
            if node.output[0] not in self.constants:
                self.steps.append(self._step(node))
        last = {}
        for i, (_, inputs, _) in enumerate(self.steps):
            last.update(dict.fromkeys(inputs, i))
        # What nobody reads any more is let go, as in a network that is written by hand.
        self.over = [[name for name in set(inputs) if last[name] == i] for i, (_, inputs, _) in enumerate(self.steps)]

    def forward(self, x):
        values = {self.input: x}
        for (operation, inputs, output), over in zip(self.steps, self.over):
            values[output] = operation(*[values[name] for name in inputs])
            for name in over:
                del values[name]
        return values[self.output]

    def _step(self, node):
        """What a node does: a function, the names of what it reads that is no constant, and of what it makes."""
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        maker = getattr(self, "_" + node.op_type.lower(), None)
        if maker is None:
            raise ValueError(f"an operation that is not known to PyTorch's side of the benchmark: {node.op_type}")
        constants = [self.constants.get(name) for name in node.input]
        operation = maker(constants, attributes)
        return operation, [name for name, value in zip(node.input, constants) if value is None], node.output[0]

    def _layer(self, layer, **weights):
        for name, value in weights.items():
            if value is not None:
                getattr(layer, name).data = torch.from_numpy(value.copy())
        self.layers.append(layer)
        return layer

    def _conv(self, constants, attributes):
        weight, bias = (constants + [None])[1:3]
        groups = attributes.get("group", 1)
        side = attributes.get("side", 1)
        if side > 1:  # of squares, whose numbers come in the order height, width, channels
            weight = weight.reshape(len(weight), side, side, -1).transpose(0, 3, 1, 2)
        layer = nn.Conv2d(
            weight.shape[1] * groups,
            weight.shape[0],
            weight.shape[2],
            stride=attributes.get("strides", side),
            padding=attributes.get("pads", [0] * 4)[:2],
            dilation=attributes.get("dilations", [1, 1]),
            groups=groups,
            bias=bias is not None,
        )
        return self._layer(layer, weight=weight, bias=bias)

    def _batchnormalization(self, constants, attributes):
        _, weight, bias, mean, variance = constants
        layer = nn.BatchNorm2d(len(weight), eps=attributes["epsilon"])
        return self._layer(layer, weight=weight, bias=bias, running_mean=mean, running_var=variance)

    def _layernormalization(self, constants, attributes):
        _, weight, bias = constants
        layer = nn.LayerNorm(len(weight), eps=attributes["epsilon"])
        return self._layer(layer, weight=weight, bias=bias)

    def _gemm(self, constants, attributes):
        weight, bias = (constants + [None])[1:3]
        layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
        return self._layer(layer, weight=weight, bias=bias)

    def _matmul(self, constants, _):
        weight = constants[1]
        return self._layer(nn.Linear(*weight.shape, bias=False), weight=weight.T)

    def _relu(self, *_):
        return functional.relu

    def _gelu(self, *_):
        return functional.gelu

    def _clip(self, constants, _):
        return nn.Hardtanh(float(constants[1]), float(constants[2]))

    def _sigmoid(self, *_):
        return torch.sigmoid

    def _identity(self, *_):
        return lambda x: x

    def _add(self, constants, _):
        return self._binary(torch.add, constants)

    def _mul(self, constants, _):
        return self._binary(torch.mul, constants)

    def _binary(self, operation, constants):
        if constants[1] is None:
            return operation
        factor = nn.Parameter(torch.from_numpy(constants[1].copy()))
        self.layers.append(nn.ParameterList([factor]))
        return lambda x: operation(x, factor)

    def _transpose(self, _, attributes):
        return lambda x: x.permute(attributes["perm"])

    def _globalaveragepool(self, *_):
        return lambda x: x.mean((2, 3), keepdim=True)

    def _flatten(self, *_):
        return lambda x: x.flatten(1)

    def _maxpool(self, _, attributes):
        return nn.MaxPool2d(attributes["kernel_shape"], attributes["strides"], attributes["pads"][:2])
