"""Writes what torchvision computes for random boxes: python3 torchvision_ops.py FILE [CASES [SEED]].

The file is compressed with gzip. Numbers are little-endian, int32 or float32, one case after the other:
  N, N x 4 corners, N scores, N classes, threshold
  nms: count, indices; batched_nms: count, indices
  box_iou and generalized_box_iou of all pairs, N x N each
  roi_align: C, H, W, maps; box; height, width, ratio, aligned, scale; results
"""
import gzip
import sys

import numpy as np
import torch
import torchvision
from torchvision.ops import batched_nms, box_iou, generalized_box_iou, nms, roi_align


def case(random):
    count = int(random.integers(1, 13))
    # Eighths of a pixel: moving boxes apart by classes, as batched_nms does, must not round.
    corners = random.integers(0, 400, (count, 2)) / 8
    sizes = random.integers(1, 400, (count, 2)) / 8
    if count > 2 and random.random() < 0.3:
        corners[1], sizes[1] = corners[0], sizes[0]
    boxes = torch.tensor(np.concatenate([corners, corners + sizes], 1), dtype=torch.float32)
    # Some scores are equal.
    scores = torch.tensor(np.round(random.random(count), int(random.integers(1, 8))), dtype=torch.float32)
    classes = torch.tensor(random.integers(0, 4, count), dtype=torch.int64)
    threshold = float(np.float32(np.round(random.random(), 2)))
    yield from (np.int32(count), boxes, scores, classes, np.float32(threshold))
    for kept in (nms(boxes, scores, threshold), batched_nms(boxes, scores, classes, threshold)):
        yield from (np.int32(len(kept)), kept)
    yield from (box_iou(boxes, boxes), generalized_box_iou(boxes, boxes))

    shape = [int(random.integers(1, 4)), int(random.integers(1, 9)), int(random.integers(1, 9))]
    maps = torch.tensor(random.standard_normal(shape), dtype=torch.float32)
    corner, size = random.uniform(-2, 8, 2), random.uniform(0, 10, 2)
    box = torch.tensor(np.concatenate([corner, corner + size]), dtype=torch.float32)
    height, width, ratio = (int(random.integers(1, 5)), int(random.integers(1, 5)), int(random.integers(0, 4)))
    aligned, scale = bool(random.integers(0, 2)), float(random.choice([1, 0.5, 0.25]))
    cells = roi_align(maps[None], [box[None]], (height, width), scale, ratio if ratio else -1, aligned)
    yield from (np.array(shape, np.int32), maps, box)
    yield from (np.array([height, width, ratio, int(aligned)], np.int32), np.float32(scale), cells)


def main():
    path, cases, seed = sys.argv[1], int((sys.argv[2:3] or [300])[0]), int((sys.argv[3:4] or [1])[0])
    random = np.random.default_rng(seed)
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(np.int32(cases).tobytes())
        for _ in range(cases):
            for value in case(random):
                array = np.asarray(value)
                file.write(array.astype("<i4" if array.dtype.kind in "ib" else "<f4").tobytes())
    print(f"torchvision {torchvision.__version__}, torch {torch.__version__}: {cases} cases of seed {seed}")


main()
