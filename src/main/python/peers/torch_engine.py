"""PyTorch: depthwise convolutions, alone or in a row, and whole networks, eager or compiled, in either layout; bfloat16 by autocast."""

import collections

import layer_kinds
import networks
import torch
from torch.nn.functional import conv2d, cross_entropy

PROFILED_RUNS = 3


class Engine:
    version = torch.__version__

    def __init__(self, layout, compiled, threads):
        self.format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        self.compiled = compiled
        torch.set_num_threads(threads)
        torch.manual_seed(1)

    def prepare(self, case):
        if "model" in case:
            return self._model(case)
        return self._layers_in_a_row(case) if "layers" in case else self._convolution(case)

    def _layers_in_a_row(self, case):
        n, c, h, w, k = (case[key] for key in ("n", "channels", "height", "width", "kernel"))
        image = torch.randn(n, c, h, w).to(memory_format=self.format)
        layers = [torch.randn(c, 1, k, k).to(memory_format=self.format) / k for _ in range(case["layers"])]

        def run():
            with torch.no_grad():
                x = image
                for filters in layers:
                    x = conv2d(x, filters, padding=k // 2, groups=c)

        return run

    def _convolution(self, case):
        n, c, h, w, k = (case[key] for key in ("n", "channels", "height", "width", "kernel"))
        training = case["pass"] == "training"
        image = torch.randn(n, c, h, w).to(memory_format=self.format).requires_grad_(training)
        filters = torch.randn(c, 1, k, k).to(memory_format=self.format).requires_grad_(training)
        upstream = torch.randn(n, c, h, w).to(memory_format=self.format)

        def convolve(x, weights):
            return conv2d(x, weights, padding=k // 2, groups=c)

        if self.compiled:
            # Forgets the cases before: of too many forms of one function the compiler gives up.
            torch._dynamo.reset()
            convolve = torch.compile(convolve, dynamic=False)

        def forward():
            with torch.no_grad():
                convolve(image, filters)

        def step():
            image.grad = filters.grad = None
            convolve(image, filters).backward(upstream)

        run = step if training else forward
        if self.compiled:
            run()  # compiles; that is no part of the case
        return run

    def _model(self, case):
        training = case["pass"] == "training"
        model = self._network(case).to(memory_format=self.format).train(training)
        batch, side = case["batch"], case["resolution"]
        images = torch.randn(batch, case["channels"], side, side).to(memory_format=self.format)
        if case.get("export"):
            torch.onnx.export(model, (images,), case["export"], dynamo=True, verbose=False)
            return None
        labels = torch.arange(batch) % 2
        half = torch.autocast("cpu", torch.bfloat16, enabled=case.get("precision") == "bfloat16")
        if self.compiled:
            # Weights that do not change may be rearranged for the processor once.
            torch._inductor.config.freezing = not training
            model = torch.compile(model, dynamic=False)

        def forward():
            with torch.no_grad(), half:
                model(images)

        def step():
            model.zero_grad(set_to_none=True)
            with half:
                loss = cross_entropy(model(images), labels)
            loss.backward()

        run = step if training else forward
        if self.compiled:
            run()  # compiles; that is no part of the case
            return run
        return layer_kinds.Measured(run, lambda: self._layers(run))

    @staticmethod
    def _network(case):
        if "timm" not in case:
            return networks.make(case["network"])
        import timm  # which takes seconds, and only few cases ask for it

        return timm.create_model(case["timm"], img_size=case["resolution"])

    @staticmethod
    def _layers(run):
        """Milliseconds by kind of layer of an eager run, from PyTorch's profiler."""
        run()
        activities = [torch.profiler.ProfilerActivity.CPU]
        with torch.profiler.profile(activities=activities, record_shapes=True) as profile:
            for _ in range(PROFILED_RUNS):
                run()
        times = collections.Counter()
        for one in profile.key_averages(group_by_input_shape=True):
            times[Engine._kind(one.key, one.input_shapes)] += one.self_cpu_time_total / 1e3 / PROFILED_RUNS
        return {kind: time for kind, time in times.most_common() if time > 0}

    @staticmethod
    def _kind(operator, shapes):
        if "convolution" in operator:
            weights = [shape for shape in shapes if len(shape) == 4][2 if "backward" in operator else 1 :]
            return layer_kinds.convolution(weights[0]) if weights else "other"
        if operator in ("aten::addmm", "aten::mm"):
            return "pointwise"
        if "batch_norm" in operator or "layer_norm" in operator:
            return "batch norm" if "batch" in operator else "layer norm"
        return "pooling" if "mean" in operator or "pool" in operator else "elementwise"
