"""Measures one peer for `./lab bench`: a long-lived process that is told what to do, one JSON document a line.

    python worker.py ENGINE LAYOUT        ENGINE is one of MODULES below

Standard input takes `{"do": "prepare", "case": {...}}`, `{"do": "run", "times": n}`,
`{"do": "reset-peak"}`, `{"do": "describe"}` and `{"do": "drop"}`; each is answered by one line on standard output, with
`"error"` in it when it failed. The first line tells the version. When standard input ends, so does the process. Whatever
libraries print goes to standard error.
"""

import ctypes
import gc
import importlib
import json
import os
import signal
import sys
import time

MODULES = {
    "torch": "torch_engine",
    "torch-compiled": "torch_engine",
    "torch-fft": "torch_fft_engine",
    "onnxruntime": "onnxruntime_engine",
    "openvino": "openvino_engine",
    "pillow": "pillow_engine",
    "torchvision": "torchvision_engine",
}


class Memory:
    """Resident memory of this process in MiB, as Linux counts it; None elsewhere."""

    def __init__(self):
        self.baseline = None

    def set_baseline(self):
        self._trim()
        self.baseline = self._status("VmRSS")

    @staticmethod
    def _status(field):
        try:
            with open("/proc/self/status", encoding="ascii") as lines:
                return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field + ":"))
        except OSError:
            return None

    def reset_peak(self):
        """Gives back what is free, then starts the peak anew; where Linux refuses, it counts from the start."""
        self._trim()
        try:
            with open("/proc/self/clear_refs", "w", encoding="ascii") as counter:
                counter.write("5")
        except OSError:
            pass

    @staticmethod
    def _trim():
        gc.collect()
        try:
            ctypes.CDLL(None).malloc_trim(0)
        except (OSError, AttributeError):
            pass  # glibc alone has it

    def describe(self):
        return {"baseline_mib": self.baseline, "peak_mib": self._status("VmHWM")}


def timed(run, times):
    milliseconds = []
    for _ in range(times):
        start = time.perf_counter_ns()
        run()
        milliseconds.append((time.perf_counter_ns() - start) / 1e6)
    return milliseconds


def serve(engine, receive, send):
    memory = Memory()
    run = None
    for line in receive:
        order = json.loads(line)
        try:
            if order["do"] == "prepare":
                run = None
                if order.get("memory", True):
                    memory.set_baseline()
                run = engine.prepare(order["case"])
                send({})
            elif order["do"] == "run":
                send({"ms": timed(run, order["times"])})
            elif order["do"] == "reset-peak":
                memory.reset_peak()
                send({})
            elif order["do"] == "describe":
                # The peak first: telling kinds of layers apart takes a second network.
                described = memory.describe()
                layers = getattr(run, "layers", None)
                send(described | {"layers": layers() if layers else {}})
            elif order["do"] == "drop":
                run = None
                gc.collect()
                send({})
            else:
                send({"error": "unknown order " + order["do"]})
        except Exception as error:  # whatever a library throws is a reason to leave this case out, not to end
            run = None
            text = str(error).strip()
            send({"error": f"{type(error).__name__}: {text.splitlines()[0] if text else ''}"[:300]})


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started this one
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def send(answer):
        out.write(json.dumps(answer) + "\n")
        out.flush()

    name, layout = sys.argv[1:]
    try:
        engine = importlib.import_module(MODULES[name]).Engine(
            layout, compiled=name == "torch-compiled", threads=int(os.environ["OMP_NUM_THREADS"])
        )
    except ImportError as error:
        send({"error": f"{name} is not installed ({error})"})
        return
    send({"version": engine.version})
    serve(engine, sys.stdin, send)


if __name__ == "__main__":
    main()
