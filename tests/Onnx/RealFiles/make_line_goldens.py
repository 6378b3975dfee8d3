"""Writes lines.json: what PyTorch computes of the published detectors of lines (npm jp.keijiro.mlsd) in double precision, and how far
single precision is from it. Needs python3-torch and python3-onnx; the argument is the package's folder ONNX.

A depthwise convolution of these files adds products up to 250, and ReLU6 keeps 0 to 6 of the sum. So rounding is a larger share of what is
left than anywhere else, and two implementations in single precision differ by more than 1e-5 of an output.
"""
import json
import os
import sys

import numpy as np
import onnx
import torch
from onnx import numpy_helper

NAMES = ["320x320_tiny", "320x320_large", "512x512_tiny", "512x512_large"]
SHOWN = 200


def evaluate(graph, image, kind):
    def floats(array):
        return torch.tensor(array, dtype=kind) if array.dtype == np.float32 else array

    values = {one.name: floats(numpy_helper.to_array(one)) for one in graph.initializer}
    values[graph.input[0].name] = torch.tensor(image, dtype=kind)
    for node in graph.node:
        x = [values[name] if name else None for name in node.input]
        a = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
        results = run(node.op_type, x, a)
        for name, result in zip(node.output, results if isinstance(results, (list, tuple)) else [results]):
            values[name] = result
    return values


def run(kind, x, a):
    f = torch.nn.functional
    match kind:
        case "Conv":
            top, left, bottom, right = a.get("pads", [0, 0, 0, 0])
            padded = f.pad(x[0], (left, right, top, bottom))
            return f.conv2d(padded, *x[1:], stride=a["strides"], dilation=a.get("dilations", [1, 1]), groups=a.get("group", 1))
        case "Clip":
            return x[0].clamp(x[1].item(), x[2].item())
        case "Relu":
            return x[0].relu()
        case "Sigmoid":
            return x[0].sigmoid()
        case "Add":
            return x[0] + x[1]
        case "Sub":
            return x[0] - x[1]
        case "Mul":
            return x[0] * x[1]
        case "Concat":
            return torch.cat([torch.as_tensor(one) for one in x], a["axis"])
        case "Split":
            x[0] = torch.as_tensor(x[0])
            return list(torch.split(x[0], a["split"], a.get("axis", 0)))
        case "Shape":
            return torch.tensor(x[0].shape)
        case "Transpose":
            return x[0].permute(a["perm"])
        case "Reshape":
            return x[0].reshape([int(n) for n in x[1]])
        case "Cast":
            return x[0]
        case "Equal":
            return (x[0] == x[1]).to(x[0].dtype)
        case "MaxPool":
            return f.max_pool2d(x[0], a["kernel_shape"], a["strides"], a["pads"][0])
        case "Resize":
            return f.interpolate(x[0], size=[int(n) for n in x[3][2:]], mode="bilinear", align_corners=False)
        case "Pad":
            n, pads = x[0].dim(), [int(p) for p in (x[1] if len(x) > 1 else a["pads"])]
            assert a.get("mode", b"constant") == b"constant" and (len(x) < 3 or x[2] is None or x[2].item() == 0)
            return f.pad(x[0], [pads[axis + side] for axis in range(n - 1, -1, -1) for side in (0, n)])
        case "Slice":
            picked = [slice(None)] * x[0].ndim
            axes = x[3] if len(x) > 3 else range(len(x[1]))
            for i, axis in enumerate(axes):
                picked[int(axis)] = slice(int(x[1][i]), int(x[2][i]), int(x[4][i]) if len(x) > 4 else 1)
            return x[0][tuple(picked)]
    raise NotImplementedError(kind)


def golden(folder, name):
    graph = onnx.load(os.path.join(folder, f"mlsd_{name}.onnx")).graph
    shape = [d.dim_value for d in graph.input[0].type.tensor_type.shape.dim]
    # A picture with lines: bright bars, darker to the left.
    rows, columns = np.indices(shape[1:3])
    image = ((rows // 40 + columns // 56) % 2 * 160.0 + columns * 64.0 / shape[2])[None, :, :, None].repeat(4, 3).astype(np.float32)
    image[..., 3] = 255
    exact, single = evaluate(graph, image, torch.float64), evaluate(graph, image, torch.float32)
    result = {"name": f"mlsd_{name}", "outputs": []}
    for output in ["offsets", "scores"]:
        e, s = exact[output].flatten().numpy(), single[output].flatten().double().numpy()
        shown = np.linspace(0, len(e) - 1, SHOWN).astype(int)
        if output == "scores":
            shown = peaks(exact["Transpose__305:0" if "tiny" in name else "Transpose__387:0"])
            assert ((e[shown] != 0) == (s[shown] != 0)).all()
        result["outputs"].append({
            "name": output, "singlePrecisionError": float(np.abs(e[shown] - s[shown]).mean()),
            "values": {int(i): float(e[i]) for i in shown},
        })
    return result


def peaks(scores):
    """Places that are the maximum of their neighbours by far, and others that are not."""
    image = scores.reshape(1, 1, *[n for n in scores.shape if n > 1])
    around = torch.nn.functional.unfold(torch.nn.functional.pad(image, (1, 1, 1, 1)), 3)[0]
    neighbours = torch.cat([around[:4], around[5:]]).max(0).values
    margin = (around[4] - neighbours).numpy()
    order = np.argsort(margin)
    return np.sort(np.concatenate([order[: SHOWN // 2], order[-SHOWN // 2 :]]))


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lines.json"), "w") as file:
    json.dump([golden(sys.argv[1], one) for one in NAMES], file, indent=1)
    file.write("\n")
