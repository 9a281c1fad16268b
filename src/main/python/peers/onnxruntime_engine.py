"""ONNX Runtime on the processor: inference only, in its own layout."""

import numpy as np
import onnx_files
import onnxruntime


class Engine:
    version = onnxruntime.__version__

    def __init__(self, layout, compiled, threads):
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1
        # Threads that wait for the next run would take the cores from whoever is measured meanwhile.
        self.options.add_session_config_entry("session.force_spinning_stop", "1")

    def prepare(self, case):
        if case.get("precision") == "bfloat16":
            raise ValueError("its processor kernels have no bfloat16")
        model = case["file"] if "model" in case else onnx_files.depthwise(case)
        session = onnxruntime.InferenceSession(model, self.options, providers=["CPUExecutionProvider"])
        binding = session.io_binding()
        for value in session.get_inputs():
            array = np.random.default_rng(2).standard_normal(value.shape, dtype=np.float32)
            binding.bind_ortvalue_input(value.name, onnxruntime.OrtValue.ortvalue_from_numpy(array))
        for value in session.get_outputs():
            output = onnxruntime.OrtValue.ortvalue_from_shape_and_type(value.shape, np.float32)
            binding.bind_ortvalue_output(value.name, output)
        return lambda: session.run_with_iobinding(binding)
