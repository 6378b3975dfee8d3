"""Writes tracks.bin.gz: python3 make_tracks.py [FILE [SEQUENCES [SEED]]]. Detections of drawn videos, and their identities.

The tracker below follows the paper (Zhang et al., ByteTrack, ECCV 2022, algorithm 1) and the rules of its code, in the plainest form: a
filter of eight numbers with full matrices, and the assignment on the whole square matrix that lap.lapjv extends a cost_limit to. Strata's
has four small filters and sparse rows instead, so that a mistake in one is not one in the other. On 162 sequences, the code itself
(github.com/ifzhang/ByteTrack, d1bf019) gave the same identities; it ran with stand-ins for lap, cython_bbox and SciPy.

The file is compressed with gzip. Numbers are little-endian, int32 or float32:
  sequences; for each: frames, high score, low score, start score, buffer, fuse, high, low and new distance; for each frame:
    N, N x (left, top, right, bottom, score); M, M x (identity, detection), M x 4 edges of the tracks' boxes
"""
import collections
import gzip
import pathlib
import sys

import numpy as np

EVENTS = collections.Counter()


def assign(costs):
    """Columns of rows in a square matrix with the smallest sum (Kuhn's method with potentials)."""
    n = len(costs)
    u, v, match = np.zeros(n), np.zeros(n + 1), np.full(n + 1, -1)
    for row in range(n):
        match[n], column, least = row, n, np.full(n, np.inf)
        way, used = np.full(n, n), np.zeros(n + 1, bool)
        while match[column] >= 0:
            used[column], r = True, match[column]
            free = ~used[:n]
            better = free & (costs[r] - u[r] - v[:n] < least)
            least[better], way[better] = (costs[r] - u[r] - v[:n])[better], column
            step = np.where(free, least, np.inf)
            nearest = int(np.argmin(step))
            delta = step[nearest]
            for c in np.flatnonzero(used):
                u[match[c]] += delta
                v[c] -= delta
            least[free] -= delta
            column = nearest
        while column != n:
            match[column] = match[way[column]]
            column = way[column]
        match[n] = -1
    columns = np.empty(n, int)
    columns[match[:n]] = np.arange(n)
    return columns


def limited(costs, limit):
    """Pairs, and the rows and columns that are left."""
    rows, columns = costs.shape
    if rows == 0 or columns == 0:
        return [], list(range(rows)), list(range(columns))
    square = np.full((rows + columns, rows + columns), limit / 2)
    square[rows:, columns:] = 0
    square[:rows, :columns] = costs
    chosen = assign(square)[:rows]
    pairs = [(r, int(c)) for r, c in enumerate(chosen) if c < columns]
    return pairs, [r for r in range(rows) if chosen[r] >= columns], [c for c in range(columns) if c not in chosen]


class Filter:
    """Constant velocity of x, y, width / height and height."""
    STEP = np.eye(8) + np.eye(8, k=4)
    SEEN = np.eye(4, 8)

    def __init__(self, measured):
        h = measured[3]
        self.mean = np.concatenate([measured, np.zeros(4)])
        self.cov = np.diag(np.array([h / 10, h / 10, 1e-2, h / 10, h / 16, h / 16, 1e-5, h / 16]) ** 2)

    def predict(self, lost):
        if lost:
            self.mean[7] = 0
        h = self.mean[3]
        noise = np.diag(np.array([h / 20, h / 20, 1e-2, h / 20, h / 160, h / 160, 1e-5, h / 160]) ** 2)
        self.mean, self.cov = self.STEP @ self.mean, self.STEP @ self.cov @ self.STEP.T + noise

    def update(self, measured):
        h = self.mean[3]
        total = self.SEEN @ self.cov @ self.SEEN.T + np.diag(np.array([h / 20, h / 20, 1e-1, h / 20]) ** 2)
        gain = self.cov @ self.SEEN.T @ np.linalg.inv(total)
        self.mean = self.mean + gain @ (measured - self.SEEN @ self.mean)
        self.cov = self.cov - gain @ total @ gain.T


class Object:
    def __init__(self, number, frame, found):
        self.number, self.first, self.state, self.shown = number, frame, "tracked", frame == 1
        self.filter = Filter(measure(found))
        self.last, self.detection = frame, found[5]

    def corners(self):
        x, y, a, h = self.filter.mean[:4]
        return np.array([x - a * h / 2, y - h / 2, x + a * h / 2, y + h / 2])

    def see(self, frame, found):
        self.filter.update(measure(found))
        self.state, self.shown, self.last, self.detection = "tracked", True, frame, found[5]


def measure(found):
    w, h = found[2] - found[0], found[3] - found[1]
    return np.array([found[0] + w / 2, found[1] + h / 2, w / h, h])


def distances(some, others):
    """1 - IoU, where the last pixel belongs to a box."""
    costs = np.ones((len(some), len(others)))
    for i, a in enumerate(some):
        for j, b in enumerate(others):
            w, h = min(a[2], b[2]) - max(a[0], b[0]) + 1, min(a[3], b[3]) - max(a[1], b[1]) + 1
            if w > 0 and h > 0:
                union = (a[2] - a[0] + 1) * (a[3] - a[1] + 1) + (b[2] - b[0] + 1) * (b[3] - b[1] + 1) - w * h
                costs[i, j] = 1 - w * h / union
    return costs


class Tracker:
    def __init__(self, options):
        self.o, self.frame, self.numbers = options, 0, 0
        self.tracked, self.lost, self.removed = [], [], []

    def update(self, rows):
        self.frame += 1
        # The paper's code takes sizes from corners in single precision, and goes on in double precision.
        rows = [np.array([*row[:2], *(row[:2] + (row[2:4] - row[:2]).astype(np.float64)), row[4], i]) for i, row in enumerate(rows)]
        high = [r for r in rows if r[4] > self.o["high"]]
        low = [r for r in rows if self.o["low"] < r[4] < self.o["high"]]
        unconfirmed, known = [t for t in self.tracked if not t.shown], [t for t in self.tracked if t.shown]
        pool = known + [t for t in self.lost if t not in known]
        for t in pool:
            t.filter.predict(t.state != "tracked")

        activated, back, now_lost, now_removed = [], [], [], []
        pairs, left, free = limited(self.costs(pool, high, True), self.o["first"])
        for r, c in pairs:
            if pool[r].state == "tracked":
                activated.append(pool[r])
            else:
                EVENTS["back after it was removed" if pool[r].state == "removed" else "back"] += 1
                back.append(pool[r])
            pool[r].see(self.frame, high[c])
        rest = [pool[r] for r in left if pool[r].state == "tracked"]
        pairs, left, _ = limited(self.costs(rest, low, False), self.o["second"])
        for r, c in pairs:
            EVENTS["low score"] += 1
            rest[r].see(self.frame, low[c])
            activated.append(rest[r])
        for r in left:
            EVENTS["lost"] += 1
            rest[r].state = "lost"
            now_lost.append(rest[r])
        high = [high[c] for c in free]
        pairs, left, free = limited(self.costs(unconfirmed, high, True), self.o["new"])
        for r, c in pairs:
            EVENTS["confirmed"] += 1
            unconfirmed[r].see(self.frame, high[c])
            activated.append(unconfirmed[r])
        for r in left:
            EVENTS["not confirmed"] += 1
            unconfirmed[r].state = "removed"
            now_removed.append(unconfirmed[r])
        for c in free:
            if high[c][4] >= self.o["start"]:
                self.numbers += 1
                activated.append(Object(self.numbers, self.frame, high[c]))
            else:
                EVENTS["too low to start"] += 1
        for t in self.lost:
            if self.frame - t.last > self.o["buffer"]:
                EVENTS["removed"] += t.state != "removed"
                t.state = "removed"
                now_removed.append(t)

        tracked = [t for t in self.tracked if t.state == "tracked"]
        for t in activated + back:
            if t not in tracked:
                tracked.append(t)
        lost = [t for t in self.lost if t not in tracked] + now_lost
        EVENTS["not kept again"] += sum(t in self.removed for t in now_lost)
        lost = [t for t in lost if t not in self.removed]
        self.removed += now_removed
        close = distances([t.corners() for t in tracked], [t.corners() for t in lost]) < 0.15
        older = np.array([[a.last - a.first > b.last - b.first for b in lost] for a in tracked], bool).reshape(close.shape)
        EVENTS["double of one age"] += sum(
            a.last - a.first == b.last - b.first for i, a in enumerate(tracked) for j, b in enumerate(lost) if close[i, j])
        EVENTS["double, lost one dropped"] += int((close & older).sum())
        EVENTS["double, seen one dropped"] += int((close & ~older).sum())
        self.tracked = [t for i, t in enumerate(tracked) if not (close & ~older)[i].any()]
        self.lost = [t for j, t in enumerate(lost) if not (close & older)[:, j].any()]
        return sorted((t for t in self.tracked if t.shown), key=lambda t: t.number)

    def costs(self, objects, found, may_fuse):
        costs = distances([t.corners() for t in objects], found)
        if may_fuse and self.o["fuse"]:
            costs = 1 - (1 - costs) * np.array([f[4] for f in found]).reshape(1, -1)
        return costs


def video(random, frames):
    """Objects that cross, hide each other, leave and enter; detections with noise, gaps, doubles and false ones."""
    width, height, objects, rows = 640, 360, [], []
    for _ in range(int(random.integers(3, 9))):
        objects.append(newcomer(random, width, height, inside=True))
    for frame in range(frames):
        if random.random() < 0.06:
            objects.append(newcomer(random, width, height, inside=False))
        for o in objects:
            o["x"], o["y"] = o["x"] + o["vx"], o["y"] + o["vy"]
            o["vx"], o["vy"] = o["vx"] + random.normal(0, 0.3), o["vy"] + random.normal(0, 0.15)
            o["h"] *= np.exp(random.normal(0, 0.01))
            if random.random() < 0.02:
                o["hidden"] = int(random.integers(2, 16))
            o["hidden"] -= 1
        objects = [o for o in objects if -80 < o["x"] < width + 80 and -80 < o["y"] < height + 80]
        found = []
        for i, o in enumerate(objects):
            w, h = o["a"] * o["h"], o["h"]
            # An object behind another one, which stands lower in the picture, is seen badly.
            covered = max([max(0, 1 - abs(p["x"] - o["x"]) / w) * max(0, 1 - abs(p["y"] - o["y"]) / h) for p in objects
                           if p is not o and p["y"] > o["y"]], default=0)
            score = np.clip(random.normal(0.85, 0.08) - 0.9 * covered, 0, 1)
            if o["hidden"] > 0 or score < 0.05 or random.random() < 0.03:
                continue
            x, y = o["x"] + random.normal(0, 0.02 * w), o["y"] + random.normal(0, 0.02 * h)
            w, h = w * np.exp(random.normal(0, 0.03)), h * np.exp(random.normal(0, 0.03))
            # Some objects are found twice for some frames. Then one of the two tracks is lost, in the place of the other.
            if random.random() < 0.03:
                o["double"] = int(random.integers(3, 8))
            o["double"] -= 1
            if o["double"] < 0 or random.random() < 0.7:
                found.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2, score])
            if o["double"] >= 0:
                x, y = x + random.normal(0, 0.01 * w), y + random.normal(0, 0.01 * h)
                found.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2, random.uniform(0.7, 0.95)])
        for _ in range(int(random.poisson(0.5))):
            x, y, w, h = random.uniform(0, width), random.uniform(0, height), random.uniform(5, 90), random.uniform(5, 120)
            found.append([x, y, x + w, y + h, random.choice([random.uniform(0, 0.5), random.uniform(0.5, 0.9)])])
        if random.random() < 0.01:
            found = []
        order = random.permutation(len(found))
        rows.append(np.float32([found[i] for i in order]).reshape(-1, 5))
    return rows


def newcomer(random, width, height, inside):
    x = random.uniform(0, width) if inside else random.choice([-20, width + 20])
    speed = random.uniform(0.5, 7) * (random.choice([-1, 1]) if inside else np.sign(width / 2 - x))
    return {"x": x, "y": random.uniform(80, height - 80), "vx": speed, "vy": random.normal(0, 0.7), "h": random.uniform(30, 130),
            "a": random.uniform(0.3, 1.2), "hidden": 0, "double": 0}


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("tracks.bin.gz")
    sequences, seed = int((sys.argv[2:3] or [12])[0]), int((sys.argv[3:4] or [5])[0])
    check_assignment(np.random.default_rng(0))
    random = np.random.default_rng(seed)
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        integers = lambda *values: file.write(np.array(values, "<i4").tobytes())
        floats = lambda values: file.write(np.asarray(values, "<f4").tobytes())
        integers(sequences)
        for sequence in range(sequences):
            frames = 70
            options = {"high": 0.6, "low": 0.1, "start": 0.7, "buffer": 30, "fuse": 1, "first": 0.9, "second": 0.5, "new": 0.7}
            if sequence % 2:
                options |= {"high": round(random.uniform(0.3, 0.7), 2), "buffer": int(random.choice([0, 1, 3, 8, 30])),
                            "fuse": int(random.integers(2)), "first": round(random.uniform(0.6, 0.95), 2)}
                options["start"] = options["high"] + 0.1
            # The tracker of the paper's code compares scores as floats.
            options |= {name: float(np.float32(options[name])) for name in ("high", "low", "start")}
            integers(frames)
            floats([options["high"], options["low"], options["start"]])
            integers(options["buffer"], options["fuse"])
            file.write(np.array([options["first"], options["second"], options["new"]], "<f8").tobytes())
            tracker = Tracker(options)
            for rows in video(random, frames):
                integers(len(rows))
                floats(rows)
                tracks = tracker.update(rows)
                integers(len(tracks), *[v for t in tracks for v in (t.number, int(t.detection))])
                floats([t.corners() for t in tracks])
    print(f"NumPy {np.__version__}, {sequences} sequences of seed {seed}: {dict(EVENTS)}")


def check_assignment(random):
    """Small matrices, against all ways to pair."""
    def best(costs, row, used, limit):
        if row == len(costs):
            return 0
        ways = [limit + best(costs, row + 1, used, limit)]
        ways += [costs[row, c] + best(costs, row + 1, used | {c}, limit) for c in range(costs.shape[1]) if c not in used]
        return min(ways)

    for _ in range(300):
        costs, limit = random.random((int(random.integers(1, 5)), int(random.integers(1, 5)))), random.random()
        pairs, left, _ = limited(costs, limit)
        assert abs(sum(costs[p] for p in pairs) + limit * len(left) - best(costs, 0, frozenset(), limit)) < 1e-12


main()
