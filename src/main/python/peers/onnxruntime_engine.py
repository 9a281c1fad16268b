"""ONNX Runtime on the processor: inference only, in its own layout."""

import collections
import json
import os
import tempfile

import layer_kinds
import numpy as np
import onnx_files
import onnxruntime


PROFILED_RUNS = 5


class Engine:
    version = onnxruntime.__version__

    def __init__(self, layout, compiled, threads):
        self.threads = threads

    def _options(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        # Threads that wait for the next run would take the cores from whoever is measured meanwhile.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        return options

    def prepare(self, case):
        if case.get("precision") == "bfloat16":
            raise ValueError("its processor kernels have no bfloat16")
        model = case["file"] if "model" in case else onnx_files.depthwise(case)
        run = self._run(model, self._options())[1]
        return layer_kinds.Measured(run, lambda: self._layers(model)) if "model" in case else run

    @staticmethod
    def _run(model, options):
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        binding = session.io_binding()
        for value in session.get_inputs():
            array = np.random.default_rng(2).standard_normal(value.shape, dtype=np.float32)
            binding.bind_ortvalue_input(value.name, onnxruntime.OrtValue.ortvalue_from_numpy(array))
        for value in session.get_outputs():
            output = onnxruntime.OrtValue.ortvalue_from_shape_and_type(value.shape, np.float32)
            binding.bind_ortvalue_output(value.name, output)
        return session, lambda: session.run_with_iobinding(binding)

    def _layers(self, model):
        """Milliseconds by kind of layer, from its own profiler; fused layers count where they are fused into."""
        options = self._options()
        options.enable_profiling = True
        with tempfile.TemporaryDirectory() as folder:
            options.profile_file_prefix = os.path.join(folder, "profile")
            session, run = self._run(model, options)
            for _ in range(2 * PROFILED_RUNS):
                run()
            with open(session.end_profiling(), encoding="utf-8") as file:
                events = json.load(file)
        begins = sorted(one["ts"] for one in events if one["name"] == "model_run")
        times = collections.Counter()
        for one in events:
            if one["name"].endswith("_kernel_time") and one["ts"] >= begins[PROFILED_RUNS]:
                times[self._kind(one["args"])] += one["dur"] / 1e3 / PROFILED_RUNS
        return {kind: time for kind, time in times.most_common() if time > 0}

    @staticmethod
    def _kind(node):
        operator = node["op_name"]
        if "Conv" in operator:
            shapes = [shape for one in node["input_type_shape"] for shape in one.values()]
            return layer_kinds.convolution(shapes[1])
        if operator in ("Gemm", "FusedGemm", "MatMul", "FusedMatMul"):
            return "pointwise"
        if "LayerNormalization" in operator:
            return "layer norm"
        return "pooling" if "Pool" in operator or operator == "ReduceMean" else "other"
