"""Runs the RepLKNet authors' own PyTorch model for `./lab model parity`, in double precision, so that what differs is ours.

    python authors.py FOLDER        FOLDER is a clone of their repository and holds replknet.py

Standard input takes one JSON document a line, `{"do": "compute", "folder": F, "case": {...}}`: F holds ours.safetensors (the
weights, `input` and, for a backbone, what each map is weighted with) and gets theirs.safetensors, theirs.pth and merged.pth.
Each order is answered by one line on standard output, with `"error"` in it when it failed; the first line tells the version.
Whatever the model prints goes to standard error.
"""

import copy
import json
import os
import sys
import types

import numpy
import torch


def use_their_module(folder):
    """Their file takes one class from timm, which is made only where drop path is above 0: never here."""
    try:
        import timm.models.layers  # noqa: F401
    except ImportError:
        layers = types.ModuleType("timm.models.layers")
        layers.DropPath = torch.nn.Identity
        for name in ("timm", "timm.models"):
            sys.modules[name] = types.ModuleType(name)
        sys.modules["timm.models.layers"] = layers
    sys.path.insert(0, folder)
    import replknet

    return replknet


def read(path):
    """A safetensors file's floats, in double precision."""
    with open(path, "rb") as file:
        data = file.read()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            begin, end = (start + offset for offset in entry["data_offsets"])
            values = numpy.frombuffer(data[begin:end], dtype="<f4").astype("float64")
            tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return tensors


def write(path, tensors):
    header, numbers, offset = {}, [], 0
    for name, tensor in tensors.items():
        values = tensor.detach().numpy().astype("<f4").tobytes()
        end = offset + len(values)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, end]}
        numbers.append(values)
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(numbers))


def build(replknet, case):
    return replknet.RepLKNet(
        large_kernel_sizes=case["kernels"],
        layers=case["layers"],
        channels=case["channels"],
        drop_path_rate=0.0,
        small_kernel=case["small"] or None,
        dw_ratio=case["dw_ratio"],
        ffn_ratio=case["ffn_ratio"],
        in_channels=case["input_channels"],
        num_classes=None if case["stages"] else case["classes"],
        out_indices=case["stages"] or None,
        use_sync_bn=False,
        norm_intermediate_features=case["norms"],
    )


def run(model, x):
    """What the model gives (logits, or the maps of a backbone) and what each stage puts out."""
    stages = []
    hooks = [stage.register_forward_hook(lambda _module, _input, output: stages.append(output)) for stage in model.stages]
    given = model(x)
    for hook in hooks:
        hook.remove()
    return given, stages


def named(prefix, given):
    if torch.is_tensor(given):
        return {prefix + "logits": given}
    return {f"{prefix}map.{i}": each for i, each in enumerate(given)}


def contribution(model, x):
    """The score of their script for effective receptive fields, which needs a GPU and cannot be called itself."""
    x = x.clone().requires_grad_()
    last = run(model, x)[1][-1]
    centre = last[:, :, last.shape[2] // 2, last.shape[3] // 2].relu().sum()
    return torch.autograd.grad(centre, x)[0].relu().sum((0, 1))


def step(model, x, case, ours):
    """One training step without its update: the loss, every gradient, and the running statistics afterwards."""
    model.train()
    given, _ = run(model, x)
    if torch.is_tensor(given):
        labels = torch.tensor(case["labels"])
        loss = torch.nn.functional.cross_entropy(given, labels, label_smoothing=case["label_smoothing"])
    else:
        loss = sum((each * ours[f"weights.{i}"]).mean() for i, each in enumerate(given))
    loss.backward()
    out = {**named("training.", given), "loss": loss.reshape(1)}
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            out["gradient." + name] = parameter.grad
    for name, buffer in model.named_buffers():
        if not name.endswith("num_batches_tracked"):
            out["after." + name] = buffer
    return out


def compute(replknet, folder, case):
    ours = read(os.path.join(folder, "ours.safetensors"))
    x = ours.pop("input")
    model = build(replknet, case)
    model.load_state_dict({name: t for name, t in ours.items() if not name.startswith("weights.")}, strict=True)
    torch.save({"model": model.state_dict()}, os.path.join(folder, "theirs.pth"))
    model.eval()
    with torch.no_grad():
        given, stages = run(model, x)
        out = {**named("", given), **{f"stage.{i}": each for i, each in enumerate(stages)}}
        merged = copy.deepcopy(model)
        merged.structural_reparam()
        out.update(named("merged.", run(merged, x)[0]))
        torch.save(merged.state_dict(), os.path.join(folder, "merged.pth"))
        del merged
    if case["gradients"]:
        out["score"] = contribution(model, x)
        single = step(copy.deepcopy(model).float(), x.float(), case, {name: t.float() for name, t in ours.items()})
        out.update({"single." + name: t for name, t in single.items() if name.startswith("gradient.")})
        out.update(step(model, x, case, ours))
    write(os.path.join(folder, "theirs.safetensors"), out)


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever is printed must not come between the answers

    def send(answer):
        print(json.dumps(answer), file=answers, flush=True)

    try:
        replknet = use_their_module(sys.argv[1])
    except Exception as error:  # noqa: BLE001: whoever asked must hear of everything
        send({"error": f"{type(error).__name__}: {error}"})
        return
    torch.set_default_dtype(torch.float64)
    send({"version": torch.__version__})
    for line in sys.stdin:
        order = json.loads(line)
        try:
            compute(replknet, order["folder"], order["case"])
            send({})
        except Exception as error:  # noqa: BLE001
            send({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
