"""Writes decoders.json: masks, key points, turned boxes and faces, by plain formulas in double precision and PyTorch's interpolation.

Where OpenCV is installed, it checks the intersections of turned boxes.
"""
import json
import pathlib

import numpy as np
import torch

try:
    import cv2
except ImportError:
    cv2 = None

random = np.random.default_rng(2)
sigmoid = lambda x: 1 / (1 + np.exp(-x))
f32 = lambda a: np.asarray(a, np.float32)


def listed(a):
    return [float(v) for v in f32(a).ravel()]


def instances():
    """YOLO-seg's masks, where YOLACT's equation 1 is computed in double precision, and interpolated by PyTorch."""
    count, classes, prototypes, height, width, stride = 60, 2, 5, 12, 16, 4
    columns = f32(np.concatenate([
        random.uniform(0, 60, (1, count)), random.uniform(0, 45, (1, count)), random.uniform(2, 40, (2, count)),
        random.uniform(0, 0.4, (classes, count)), 2 * random.standard_normal((prototypes, count))]))
    maps = f32(random.standard_normal((prototypes, height, width)))
    scale, left, top, picture_width, picture_height = np.float32(0.8), np.float32(0), np.float32(4), 80, 50
    found, masks = [], []
    for c in columns.T.astype(np.float64):
        scores = c[4:4 + classes]
        if scores.max() < 0.3:
            continue
        box = [c[0] - c[2] / 2, c[1] - c[3] / 2, c[0] + c[2] / 2, c[1] + c[3] / 2]
        found.append([*box, scores.max(), int(scores.argmax())])
        whole = sigmoid(np.tensordot(c[4 + classes:], maps.astype(np.float64), 1))
        # The picture of 64x40 input pixels, 4 below the upper edge: rows of the input that show it are enlarged by 5/4.
        enlarged = torch.nn.functional.interpolate(torch.tensor(whole)[None, None], (height * 5, width * 5), mode="bilinear",
                                                   align_corners=False)[0, 0].numpy()[5:5 + picture_height]
        edges = np.array(box)
        on_picture = [(edges[0] - left) / scale, (edges[1] - top) / scale, (edges[2] - left) / scale, (edges[3] - top) / scale]
        masks.append({"small": listed(cropped(whole, edges / stride)), "large": listed(cropped(enlarged, on_picture)[::7, ::5])})
    return {"columns": listed(columns), "maps": listed(maps), "found": listed(found), "masks": masks}


def cropped(mask, box):
    """Pixels whose upper left corner is in the box, as Ultralytics crops."""
    rows, columns = np.arange(mask.shape[0])[:, None], np.arange(mask.shape[1])[None]
    return mask * ((columns >= box[0]) & (columns < box[2]) & (rows >= box[1]) & (rows < box[3]))


def pose():
    count, points = 40, 3
    columns = f32(np.concatenate([
        random.uniform(0, 60, (2, count)), random.uniform(2, 40, (2, count)), random.uniform(0, 0.4, (1, count)),
        random.uniform(-10, 70, (3 * points, count))]))
    found = []
    for c in columns.T.astype(np.float64):
        if c[4] >= 0.25:
            found.append([c[0] - c[2] / 2, c[1] - c[3] / 2, c[0] + c[2] / 2, c[1] + c[3] / 2, c[4], *c[5:]])
    return {"columns": listed(columns), "found": [listed(row) for row in found]}


def corners(box):
    x, y, w, h, degrees = box
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2 @ turn.T + [x, y]


def common_area(a, b):
    """Corners of each that lie in the other, and where edges cross, around their middle."""
    p, q = corners(a), corners(b)

    def inside(points, box):
        x, y, w, h, degrees = box
        t = np.radians(degrees)
        d = points - [x, y]
        u, v = d @ [np.cos(t), np.sin(t)], d @ [-np.sin(t), np.cos(t)]
        return points[(np.abs(u) <= w / 2 + 1e-12) & (np.abs(v) <= h / 2 + 1e-12)]

    points = [*inside(p, b), *inside(q, a)]
    for i in range(4):
        for j in range(4):
            r, s = p[(i + 1) % 4] - p[i], q[(j + 1) % 4] - q[j]
            across = r[0] * s[1] - r[1] * s[0]
            if abs(across) > 1e-15:
                d = q[j] - p[i]
                t, u = (d[0] * s[1] - d[1] * s[0]) / across, (d[0] * r[1] - d[1] * r[0]) / across
                if 0 <= t <= 1 and 0 <= u <= 1:
                    points.append(p[i] + t * r)
    if len(points) < 3:
        return 0.0
    points = np.array(points)
    middle = points - points.mean(0)
    points = middle[np.argsort(np.arctan2(middle[:, 1], middle[:, 0]))]
    return 0.5 * abs(np.dot(points[:, 0], np.roll(points[:, 1], -1)) - np.dot(points[:, 1], np.roll(points[:, 0], -1)))


def turned_iou(a, b):
    common = common_area(a, b)
    if cv2 is None:
        return common / (a[2] * a[3] + b[2] * b[3] - common)
    # OpenCV computes in single precision.
    _, polygon = cv2.rotatedRectangleIntersection(((a[0], a[1]), (a[2], a[3]), a[4]), ((b[0], b[1]), (b[2], b[3]), b[4]))
    theirs = 0.0 if polygon is None else cv2.contourArea(cv2.convexHull(polygon))
    assert abs(theirs - common) < 2e-3 * max(a[2] * a[3], b[2] * b[3]), (a, b, theirs, common)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def turned():
    """YOLO-obb's columns, intersections over union of all pairs, and what greedy suppression keeps."""
    count, classes = 40, 2
    columns = f32(np.concatenate([
        random.uniform(0, 60, (2, count)), random.uniform(2, 40, (2, count)), random.uniform(0.26, 1, (classes, count)),
        random.uniform(-np.pi / 4, 3 * np.pi / 4, (1, count))]))
    # One inside of another, one with shared edges, one the same, one turned by a right angle.
    columns[:5, 1] = [columns[0, 0], columns[1, 0], columns[2, 0] / 2, columns[3, 0] / 2, 0.3]
    columns[-1, 1] = columns[-1, 0]
    columns[:, 3] = columns[:, 2]
    columns[[0, 1, 3, 2, 4, 5], 5], columns[-1, 5] = columns[[0, 1, 2, 3, 4, 5], 4], columns[-1, 4] + np.float32(np.pi / 2)
    t = columns.T.astype(np.float64)
    boxes = np.concatenate([t[:, :4], np.degrees(t[:, -1:])], 1)
    scores, kinds = t[:, 4:6].max(1), t[:, 4:6].argmax(1)
    overlaps = np.array([[turned_iou(a, b) for b in boxes] for a in boxes])
    kept = {}
    for threshold in (0.1, 0.3, 0.6):
        chosen = []
        for i in np.argsort(-scores, kind="stable"):
            if all(kinds[i] != kinds[j] or overlaps[i, j] <= threshold for j in chosen):
                chosen.append(int(i))
        kept[str(threshold)] = chosen
    return {"columns": listed(columns), "overlaps": listed(overlaps), "scores": listed(scores), "classes": kinds.tolist(), "kept": kept}


def blend(faces, threshold):
    """MediaPipe's weighted suppression. Rows: four edges, score, points."""
    rest, out = sorted(faces, key=lambda f: -f[4]), []
    while rest:
        best, group, others = rest[0], [], []
        for f in rest:
            w = min(f[2], best[2]) - max(f[0], best[0])
            h = min(f[3], best[3]) - max(f[1], best[1])
            common = max(w, 0) * max(h, 0)
            union = (f[2] - f[0]) * (f[3] - f[1]) + (best[2] - best[0]) * (best[3] - best[1]) - common
            (group if common / union > threshold else others).append(f)
        mean = np.average(np.array(group), axis=0, weights=[f[4] for f in group])
        mean[4] = best[4]
        out.append(mean)
        rest = others
    return out


def blaze_face():
    """BlazeFace's anchors, boxes and blended faces; anchors that are not listed have zeros, and the logit -200."""
    side, faces, rows = 128, [], []
    anchors = []
    for cells, count in ((16, 2), (8, 6)):
        for y in range(cells):
            for x in range(cells):
                anchors += [((x + 0.5) / cells * side, (y + 0.5) / cells * side)] * count
    middles = random.uniform(30, 98, (3, 2))
    for i, (ax, ay) in enumerate(anchors):
        near = int(np.argmin([np.hypot(ax - m[0], ay - m[1]) for m in middles]))
        if np.hypot(*(np.array([ax, ay]) - middles[near])) > 9:
            continue
        size = random.uniform(24, 32) * (-1 if random.random() < 0.1 else 1)
        numbers = [middles[near][0] - ax + random.normal(), middles[near][1] - ay + random.normal(), size, size + random.normal()]
        numbers = f32([*numbers, *random.uniform(-20, 20, 12)])
        logit = np.float32(random.choice([random.uniform(-2, 4), 150, -150], p=[0.9, 0.05, 0.05]))
        rows.append([i, float(logit), *listed(numbers)])
        score, n = sigmoid(np.clip(np.float64(logit), -100, 100)), numbers.astype(np.float64)
        if score >= 0.5 and n[2] >= 0 and n[3] >= 0:
            x, y = ax + n[0], ay + n[1]
            points = n[4:] + np.tile([ax, ay], 6)
            faces.append([x - n[2] / 2, y - n[3] / 2, x + n[2] / 2, y + n[3] / 2, score, *points])
    return {"count": len(anchors), "rows": rows, "faces": [listed(f) for f in faces], "blended": [listed(f) for f in blend(faces, 0.3)]}


def scrfd():
    height, width, stride, anchors = 4, 6, 16, 2
    count = height * width * anchors
    scores, distances = f32(random.uniform(0, 0.7, count)), f32(random.uniform(0, 4, (count, 4)))
    points = f32(random.normal(0, 2, (count, 10)))
    found = []
    for y in range(height):
        for x in range(width):
            for a in range(anchors):
                i = (y * width + x) * anchors + a
                if scores[i] >= 0.5:
                    place, d = np.array([x, y]) * stride, distances[i].astype(np.float64) * stride
                    own = (points[i].astype(np.float64) * stride).reshape(5, 2) + place
                    found.append([place[0] - d[0], place[1] - d[1], place[0] + d[2], place[1] + d[3], scores[i], *own.ravel()])
    return {"scores": listed(scores), "distances": listed(distances), "points": listed(points), "found": [listed(row) for row in found]}


goldens = {
    "versions": f"torch {torch.__version__}, NumPy {np.__version__}, OpenCV {cv2 and cv2.__version__}",
    "instances": instances(), "pose": pose(), "turned": turned(), "blazeface": blaze_face(), "scrfd": scrfd(),
}
pathlib.Path(__file__).with_name("decoders.json").write_text(json.dumps(goldens, separators=(",", ":")) + "\n")
