"""One depthwise convolution as an ONNX model."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper


def depthwise(case):
    """The bytes of a model with input x and output y, both (n, channels, height, width)."""
    n, c, h, w, k = (case[key] for key in ("n", "channels", "height", "width", "kernel"))
    filters = np.random.default_rng(1).standard_normal((c, 1, k, k), dtype=np.float32)
    conv = helper.make_node("Conv", ["x", "w"], ["y"], group=c, kernel_shape=[k, k], pads=[k // 2] * 4)
    shape = [n, c, h, w]
    graph = helper.make_graph(
        [conv],
        "depthwise",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(filters, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    return model.SerializeToString()
