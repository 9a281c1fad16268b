"""OpenVINO on the processor, in full float32 or with its hint for bfloat16: inference only, in its own layout."""

import collections

import layer_kinds
import numpy as np
import onnx_files
import openvino

PROFILED_RUNS = 5


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
        run = self._request(model, settings).infer
        if "model" not in case:
            return run
        return layer_kinds.Measured(run, lambda: self._layers(model, settings))

    def _request(self, model, settings):
        request = self.core.compile_model(model, "CPU", settings).create_infer_request()
        for i, value in enumerate(model.inputs):
            array = np.random.default_rng(2).standard_normal(tuple(value.shape), dtype=np.float32)
            request.set_input_tensor(i, openvino.Tensor(array))
        return request

    def _layers(self, model, settings):
        """Milliseconds by kind of layer, from its own counters; fused layers count where they are fused into."""
        request = self._request(model, settings | {"PERF_COUNT": True})
        layers = {layer.get_friendly_name(): layer for layer in model.get_ordered_ops()}
        times = collections.Counter()
        for run in range(2 * PROFILED_RUNS):
            request.infer()
            for one in request.get_profiling_info() if run >= PROFILED_RUNS else []:
                kind = self._kind(layers.get(one.node_name), one.node_type)
                times[kind] += one.real_time.total_seconds() * 1e3 / PROFILED_RUNS
        return {kind: time for kind, time in times.most_common() if time > 0}

    @staticmethod
    def _kind(layer, node_type):
        name = layer.get_type_name() if layer else ""
        if name in ("Convolution", "GroupConvolution"):
            weight = [size.get_length() for size in layer.input(1).get_partial_shape()]
            return layer_kinds.convolution(weight, name == "GroupConvolution")
        if node_type in ("FullyConnected", "MatMul"):
            return "pointwise"
        return "pooling" if node_type in ("Pooling", "ReduceMean") else "other"
