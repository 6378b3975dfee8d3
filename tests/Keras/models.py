"""Models whose weights the tests load: the layers of the networks in Networks.cs, with Keras' weights and PyTorch's."""

import numpy

import torch_order as torch


def numbers(*shape, key=1, dtype="float32"):
    """Numbers from −1 to 1, the same on every machine."""
    count = int(numpy.prod(shape))
    values = [((i * 2654435761 + key * 40503) % 65536) / 32768 - 1 for i in range(count)]
    return numpy.array(values, dtype=dtype).reshape(shape)


class Layer:
    """A layer: its class and name in Keras, the names and values of its weights in Keras' order, and PyTorch's by their keys."""

    def __init__(self, kind, name, weights=(), expected=None, **config):
        self.kind, self.name, self.weights, self.config = kind, name, list(weights), config
        self.expected = {f"{name}.{key}": value for key, value in (expected or {}).items()}


def conv(name, kernel, kind="Conv2D", key=1):
    """The filters are the last axis, or that before it where it is transposed."""
    filters = kernel[-2] if kind.endswith("Transpose") else kernel[-1]
    weights = [("kernel", numbers(*kernel, key=key)), ("bias", numbers(filters, key=key + 100))]
    return Layer(kind, name, weights, torch.conv(*(value for _, value in weights)))


def depthwise(name, kernel, key=1, kind="DepthwiseConv2D", called="depthwise_kernel"):
    weights = [(called, numbers(*kernel, key=key)), ("bias", numbers(kernel[-1] * kernel[-2], key=key + 100))]
    return Layer(kind, name, weights, torch.depthwise(*(value for _, value in weights)))


def dense(name, inputs, outputs, key=1, **order):
    weights = [("kernel", numbers(inputs, outputs, key=key)), ("bias", numbers(outputs, key=key + 100))]
    return Layer("Dense", name, weights, torch.dense(*(value for _, value in weights), **order))


def batch_norm(name, count, key=1, scale=True, center=True, shape=None):
    parts = [("gamma", numbers(count, key=key))] * scale + [("beta", numbers(count, key=key + 1))] * center
    parts += [("moving_mean", numbers(count, key=key + 2)), ("moving_variance", numbers(count, key=key + 3) + 2)]
    values = dict(parts)
    order = (lambda v: torch.features(v, shape)) if shape else (lambda v: v)
    expected = torch.batch_norm(values.get("gamma"), values.get("beta"), values["moving_mean"], values["moving_variance"], order)
    return Layer("BatchNormalization", name, parts, expected, scale=scale, center=center)


def norm(kind, name, *shape, key=1):
    weights = [("gamma", numbers(*shape, key=key)), ("beta", numbers(*shape, key=key + 1))]
    return Layer(kind, name, weights, torch.norm(*(value for _, value in weights)))


def prelu(name, count, key=1, shape=None):
    values = numbers(count, key=key)
    # An image's slopes are shared by its rows and columns.
    weights = [("alpha", values if shape else values.reshape(1, 1, count))]
    return Layer("PReLU", name, weights, {"weight": torch.features(values, shape) if shape else values})


def plain(kind, name, **config):
    return Layer(kind, name, **config)


def recurrent(kind, name, inputs, units, key=1):
    gates = {"LSTM": 4, "GRU": 3}[kind]
    bias = (gates * units,) if kind == "LSTM" else (2, gates * units)
    cell = f"{kind.lower()}_cell/"
    weights = [(cell + "kernel", numbers(inputs, gates * units, key=key)),
               (cell + "recurrent_kernel", numbers(units, gates * units, key=key + 1)), (cell + "bias", numbers(*bias, key=key + 2))]
    return Layer(kind, name, weights, getattr(torch, kind.lower())(*(value for _, value in weights)))


def bidirectional(name, inputs, units, key=1):
    ways = [recurrent("LSTM", name, inputs, units, key=key + 10 * way) for way in range(2)]
    weights = [(f"{prefix}_lstm/{part}", value) for prefix, way in zip(("forward", "backward"), ways) for part, value in way.weights]
    expected = {}
    for suffix, way in zip(("", "_reverse"), ways):
        expected.update(torch.lstm(*(value for _, value in way.weights), suffix=suffix))
    return Layer("Bidirectional", name, weights, expected)


def attention(name, width, heads, key=1):
    weights = []
    for i, part in enumerate(("query", "key", "value")):
        weights += [(f"{part}/kernel", numbers(width, heads, width // heads, key=key + i)),
                    (f"{part}/bias", numbers(heads, width // heads, key=key + i + 10))]
    weights += [("attention_output/kernel", numbers(heads, width // heads, width, key=key + 5)),
                ("attention_output/bias", numbers(width, key=key + 15))]
    return Layer("MultiHeadAttention", name, weights, torch.attention(*(value for _, value in weights)))


def picture(names):
    """Convolution, normalisation and pooling of an image; its 2×2×4 features are flattened."""
    a, b, c, d, e = names
    return [
        plain("InputLayer", "input_1"), conv(a, (3, 3, 3, 4), key=1), prelu(c, 4, key=6), batch_norm(b, 4, key=2),
        plain("MaxPooling2D", "pool"), plain("Flatten", "flatten", input_shape=(2, 2, 4)),
        dense(d, 16, 5, key=7, flattened=(4, 4)), plain("Dropout", "dropout"),
        dense(e, 5, 3, key=8),
    ]


def grids():
    """All kinds of convolutions."""
    return [
        depthwise("deep", (3, 3, 2, 3), key=21), conv("grouped", (1, 1, 3, 4), key=22), conv("up", (3, 2, 5, 4), "Conv2DTranspose", key=23),
        norm("GroupNormalization", "groups", 5, key=24), norm("LayerNormalization", "pixels", 5, key=25),
    ]


def generator():
    """Features that become an image, rows first in Keras."""
    return [
        dense("first", 3, 24, key=31, becomes=(4, 6)), batch_norm("spread", 24, key=32, shape=(4, 6)),
        plain("Reshape", "reshape", target_shape=[2, 2, 6]), conv("draw", (3, 3, 2, 6), "Conv2DTranspose", key=33),
    ]


def flat():
    """Normalisation and slopes of flattened features."""
    return [
        plain("Flatten", "flatten", input_shape=(3, 2, 2)), batch_norm("stats", 12, key=41, shape=(6, 2)),
        prelu("slopes", 12, key=45, shape=(6, 2)), dense("head", 12, 2, key=46, flattened=(6, 2)),
    ]


def tokens():
    """A table, recurrent layers and attention."""
    return [
        Layer("Embedding", "words", [("embeddings", numbers(7, 4, key=51))], {"weight": numbers(7, 4, key=51)}),
        recurrent("LSTM", "memory", 4, 3, key=52), recurrent("GRU", "gates", 3, 2, key=56), bidirectional("both", 2, 3, key=60),
        attention("heads", 6, 2, key=80), norm("LayerNormalization", "norm", 6, key=96), conv("steps", (3, 6, 2), "Conv1D", key=98),
    ]


def volume():
    return [conv("cubes", (2, 3, 1, 2, 3), "Conv3D", key=111), conv("grow", (1, 2, 2, 2, 3), "Conv3DTranspose", key=112)]


MODELS = {
    "picture": picture(["conv", "bn", "slope", "fc1", "fc2"]),
    "numbered": picture(["conv2d", "batch_normalization", "p_re_lu", "dense", "dense_1"]),
    "grids": grids(), "generator": generator(), "flat": flat(), "tokens": tokens(), "volume": volume(),
}
