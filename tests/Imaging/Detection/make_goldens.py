"""Writes goldens.json: what torchvision's detection models, OpenCV and plain formulas in double precision give."""
import json
import pathlib

import cv2
import numpy as np
import torch
import torchvision
from torchvision.models.detection._utils import BoxCoder
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList

random = np.random.default_rng(1)
sigmoid = lambda x: 1 / (1 + np.exp(-x))
f32 = lambda a: np.asarray(a, np.float32)


def listed(a):
    return [float(v) for v in f32(a).ravel()]


def ssd_anchors():
    """SSD300 of torchvision."""
    sides = [38, 19, 10, 5, 3, 1]
    generator = DefaultBoxGenerator(
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]], scales=[0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
        steps=[8, 16, 32, 64, 100, 300], clip=False)
    maps = [torch.zeros(1, 1, s, s) for s in sides]
    boxes = generator(ImageList(torch.zeros(1, 3, 300, 300), [(300, 300)]), maps)[0].numpy()
    picked = sorted(random.choice(len(boxes), 200, replace=False).tolist()) + [0, len(boxes) - 1]
    return {"count": len(boxes), "numbers": picked, "boxes": listed(boxes[picked])}


def box_coder():
    anchors = random.uniform(0, 200, (20, 2))
    anchors = f32(np.concatenate([anchors, anchors + random.uniform(1, 100, (20, 2))], 1))
    corrections = f32(random.standard_normal((20, 4)))
    boxes = BoxCoder(weights=(10.0, 10.0, 5.0, 5.0)).decode_single(torch.tensor(corrections), torch.tensor(anchors))
    return {"anchors": listed(anchors), "corrections": listed(corrections), "boxes": listed(boxes.numpy())}


def yolo(version):
    """Formulas of the YOLOv3 paper, section 2.1, and of YOLOv5's documentation."""
    anchors, classes, height, width, stride = [(10, 13), (33, 23)], 3, 4, 5, 8
    output = f32(2 * random.standard_normal((len(anchors), 5 + classes, height, width)))
    t, found = output.astype(np.float64), []
    for a, (aw, ah) in enumerate(anchors):
        for y in range(height):
            for x in range(width):
                v = t[a, :, y, x]
                scores = sigmoid(v[4]) * sigmoid(v[5:])
                best = int(np.argmax(scores))
                if scores[best] < 0.25:
                    continue
                if version == 3:
                    cx, cy = (sigmoid(v[0]) + x) * stride, (sigmoid(v[1]) + y) * stride
                    w, h = aw * np.exp(v[2]), ah * np.exp(v[3])
                else:
                    cx, cy = (2 * sigmoid(v[0]) - 0.5 + x) * stride, (2 * sigmoid(v[1]) - 0.5 + y) * stride
                    w, h = aw * (2 * sigmoid(v[2])) ** 2, ah * (2 * sigmoid(v[3])) ** 2
                found.append([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, scores[best], best])
    return {"output": listed(output), "found": listed(found)}


def yolo8():
    classes, bins, height, width, stride = 3, 4, 3, 5, 16
    output = f32(2 * random.standard_normal((4 * bins + classes, height, width)))
    t, found = output.astype(np.float64), []
    for y in range(height):
        for x in range(width):
            v = t[:, y, x]
            scores = sigmoid(v[4 * bins:])
            best = int(np.argmax(scores))
            if scores[best] < 0.25:
                continue
            edges = []
            for e in range(4):
                p = np.exp(v[e * bins:(e + 1) * bins])
                edges.append((p / p.sum() * np.arange(bins)).sum())
            cx, cy = x + 0.5, y + 0.5
            box = np.array([cx - edges[0], cy - edges[1], cx + edges[2], cy + edges[3]]) * stride
            found.append([*box, scores[best], best])
    return {"output": listed(output), "found": listed(found)}


def rectangles():
    """The area of the smallest rectangle around points, by OpenCV."""
    cases = []
    for _ in range(50):
        points = f32(np.round(random.uniform(-20, 20, (int(random.integers(3, 12)), 2)), 1))
        (_, _), (w, h), _ = cv2.minAreaRect(points)
        cases.append({"points": listed(points), "area": w * h})
    return cases


def average_precision(scenes, cls, threshold, limit=100):
    """COCO's rules, written down plainly: greedy matching from the highest score down, 101 recalls."""
    rows, total = [], 0
    for found, truth in scenes:
        objects = [t[:4] for t in truth if t[4] == cls]
        total += len(objects)
        free = list(range(len(objects)))
        for f in sorted((f for f in found if f[5] == cls), key=lambda f: -f[4])[:limit]:
            overlaps = {}
            for i in free:
                o = objects[i]
                w, h = min(f[2], o[2]) - max(f[0], o[0]), min(f[3], o[3]) - max(f[1], o[1])
                common = max(0, w) * max(0, h)
                union = (f[2] - f[0]) * (f[3] - f[1]) + (o[2] - o[0]) * (o[3] - o[1]) - common
                overlaps[i] = common / union
            best = max(overlaps, key=overlaps.get) if overlaps else None
            right = best is not None and overlaps[best] >= threshold
            if right:
                free.remove(best)
            rows.append((f[4], right))
    if total == 0:
        return None
    rows.sort(key=lambda r: -r[0])
    right = np.cumsum([r[1] for r in rows])
    recall, precision = right / total, right / np.arange(1, len(rows) + 1)
    return float(np.mean([max([p for p, r in zip(precision, recall) if r >= at / 100], default=0) for at in range(101)]))


def evaluation():
    scenes = []
    for _ in range(12):
        count = int(random.integers(0, 6))
        corner, size = random.integers(0, 80, (count, 2)), random.integers(5, 40, (count, 2))
        truth = [[*c, *(c + s), int(random.integers(0, 3))] for c, s in zip(corner, size)]
        found = []
        for t in truth:
            for _ in range(int(random.integers(0, 3))):
                found.append([*(np.array(t[:4]) + random.integers(-3, 4, 4)), random.random(), t[4] if random.random() < 0.9 else 0])
        for _ in range(int(random.integers(0, 3))):
            c = random.integers(0, 80, 2)
            found.append([*c, *(c + random.integers(5, 40, 2)), random.random(), int(random.integers(0, 3))])
        scenes.append(([[float(np.float32(v)) for v in f] for f in found], [[float(v) for v in t] for t in truth]))
    thresholds = [0.5, 0.75, 0.9]
    means = []
    for threshold in thresholds:
        values = [average_precision(scenes, c, threshold) for c in range(3)]
        means.append(float(np.mean([v for v in values if v is not None])))
    every = float(np.mean([np.mean([average_precision(scenes, c, 0.5 + 0.05 * i) for c in range(3)]) for i in range(10)]))
    return {"scenes": [{"found": f, "objects": t} for f, t in scenes], "thresholds": thresholds, "means": means, "mean": every}


goldens = {
    "versions": f"torchvision {torchvision.__version__}, OpenCV {cv2.__version__}",
    "ssd": ssd_anchors(), "coder": box_coder(), "yolo3": yolo(3), "yolo5": yolo(5), "yolo8": yolo8(),
    "rectangles": rectangles(), "evaluation": evaluation(),
}
pathlib.Path(__file__).with_name("goldens.json").write_text(json.dumps(goldens, separators=(",", ":")) + "\n")
