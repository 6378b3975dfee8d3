"""Saves random tensors: python3 save_random.py SEED FOLDER writes FOLDER/saved.pth, and FOLDER/raw, their bytes in row-major order."""

import pathlib
import random
import sys

import torch

TYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8,
         torch.bool]


def changed(tensor, choice):
    """The tensor, or a part or another order of it."""
    for _ in range(choice.randrange(4)):
        if tensor.dim() == 0 or tensor.numel() == 0:
            break
        axis = choice.randrange(tensor.dim())
        kind = choice.randrange(5)
        if kind == 0:
            begin = choice.randrange(tensor.shape[axis])
            tensor = tensor.narrow(axis, begin, choice.randint(0, tensor.shape[axis] - begin))
        elif kind == 1:
            tensor = tensor.transpose(axis, choice.randrange(tensor.dim()))
        elif kind == 2:
            tensor = tensor.unsqueeze(axis).expand(*tensor.shape[:axis], choice.randint(1, 3), *tensor.shape[axis:])
        elif kind == 3:
            tensor = tensor.select(axis, choice.randrange(tensor.shape[axis]))
        else:
            tensor = tensor[(slice(None),) * axis + (slice(None, None, choice.randint(1, 3)),)]
    return tensor


def main(seed, folder):
    choice = random.Random(seed)
    torch.manual_seed(seed)
    saved = {}
    for i in range(20):
        shape = [choice.randint(1, 5) for _ in range(choice.randrange(5))]
        tensor = (torch.randn(shape) * 100).to(choice.choice(TYPES))
        for part in range(choice.randint(1, 3)):
            saved[f"t{i}.{part}"] = changed(tensor, choice)
    torch.save(saved, folder / "saved.pth", pickle_protocol=choice.randint(2, 5), _use_new_zipfile_serialization=choice.random() < 0.5)
    with open(folder / "raw", "wb") as raw:
        for tensor in saved.values():
            whole = tensor.contiguous()
            whole = whole.view(torch.int16) if whole.dtype == torch.bfloat16 else whole
            raw.write(whole.numpy().tobytes())


if __name__ == "__main__":
    main(int(sys.argv[1]), pathlib.Path(sys.argv[2]))
