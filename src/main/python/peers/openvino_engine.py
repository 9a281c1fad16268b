"""OpenVINO on the processor, in full float32 or with its hint for bfloat16: inference only, in its own layout."""

import numpy as np
import onnx_files
import openvino


class Engine:
    version = openvino.__version__.split("-")[0]

    def __init__(self, layout, compiled, threads):
        self.core = openvino.Core()
        self.settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
        }

    def prepare(self, case):
        if "model" in case:
            model = self.core.read_model(case["file"])
        else:
            model = self.core.read_model(onnx_files.depthwise(case), b"")
        hint = "bf16" if case.get("precision") == "bfloat16" else "f32"
        settings = self.settings | {"INFERENCE_PRECISION_HINT": hint}
        request = self.core.compile_model(model, "CPU", settings).create_infer_request()
        for i, value in enumerate(model.inputs):
            array = np.random.default_rng(2).standard_normal(tuple(value.shape), dtype=np.float32)
            request.set_input_tensor(i, openvino.Tensor(array))
        return request.infer
