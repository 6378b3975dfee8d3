#!/usr/bin/env python3
"""Saves torchvision's state_dicts as safetensors, lets the zoo load them, and compares the outputs with PyTorch's.

    dotnet build -c Release samples/Zoo
    /usr/bin/python3 tests/Zoo/Goldens/check_state_dicts.py [NAME …]    (Debian: apt install python3-torch python3-torchvision)

The weights are those that torchvision draws, with a seed. Everything is written into a temporary directory. A further argument
--checkpoint FILE.pth takes the weights of one network from a file that was downloaded.
"""
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch

from make_zoo_goldens import BLOCKS, NETWORKS

warnings.filterwarnings("ignore")
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
sys.path.insert(0, os.path.join(ROOT, "samples", "Zoo"))
from to_safetensors import save_safetensors  # noqa: E402


def check(name, checkpoint, folder):
    network = NETWORKS[name]
    torch.manual_seed(1)
    model = network.build()
    if checkpoint:
        model.load_state_dict(torch.load(checkpoint))
    model.eval()
    inputs = torch.randn((2,) + network.shape)
    with torch.no_grad():
        expected = network.outputs(model, inputs).numpy()
    weights, given, result = (os.path.join(folder, file) for file in ("weights.safetensors", "inputs.npy", "outputs.npy"))
    save_safetensors(model.state_dict(), weights)
    np.save(given, inputs.numpy())
    subprocess.run(
        ["dotnet", "run", "-c", "Release", "--no-build", "--project", os.path.join(ROOT, "samples", "Zoo"), "--",
         "run", name, "--weights", weights, "--input", given, "--output", result], check=True, stdout=subprocess.DEVNULL)
    outputs = np.load(result).reshape(expected.shape)
    error = np.abs(outputs - expected).max() / (expected.max() - expected.min())
    print(f"{name}: {len(model.state_dict())} tensors loaded, outputs agree to {error:.1e} of their range", flush=True)
    return error < 1e-4


if __name__ == "__main__":
    names, checkpoint = sys.argv[1:], None
    if "--checkpoint" in names:
        at = names.index("--checkpoint")
        checkpoint = names[at + 1]
        del names[at:at + 2]
    with tempfile.TemporaryDirectory() as folder:
        good = [check(name, checkpoint, folder) for name in names or [one for one in NETWORKS if one not in BLOCKS]]
    sys.exit(0 if all(good) else "some outputs differ")
