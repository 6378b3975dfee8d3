"""Has Keras save its own models: python3 save_with_keras.py FOLDER writes each in three files, and FOLDER/expected.json."""

import json
import os
import pathlib
import sys

import keras
import numpy
from keras import layers

import torch_order as torch


def models():
    """Models, whose layers have the names of the networks in Networks.cs."""
    yield "picture", keras.Sequential([
        keras.Input((6, 6, 3)), layers.Conv2D(4, 3, name="conv"), layers.PReLU(shared_axes=[1, 2], name="slope"),
        layers.BatchNormalization(name="bn"), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(5, name="fc1"), layers.Dropout(0.5),
        layers.Dense(3, name="fc2"),
    ])
    yield "numbered", keras.Sequential([
        keras.Input((6, 6, 3)), layers.Conv2D(4, 3), layers.PReLU(shared_axes=[1, 2]), layers.BatchNormalization(), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dense(5), layers.Dropout(0.5), layers.Dense(3),
    ])
    x = keras.Input((4, 4, 2))
    y = layers.DepthwiseConv2D(3, depth_multiplier=3, name="deep")(x)
    y = layers.Conv2D(4, 1, groups=2, name="grouped")(y)
    y = layers.Conv2DTranspose(5, (3, 2), name="up")(y)
    y = layers.GroupNormalization(1, name="groups")(y)
    yield "grids", keras.Model(x, layers.LayerNormalization(name="pixels")(y))
    yield "generator", keras.Sequential([
        keras.Input((3,)), layers.Dense(24, name="first"), layers.BatchNormalization(name="spread"), layers.ReLU(),
        layers.Reshape((2, 2, 6)), layers.Conv2DTranspose(2, 3, name="draw"),
    ])
    yield "flat", keras.Sequential([
        keras.Input((3, 2, 2)), layers.Flatten(), layers.BatchNormalization(name="stats"), layers.PReLU(name="slopes"),
        layers.Dense(2, name="head"),
    ])
    x = keras.Input((5,))
    y = layers.Embedding(7, 4, name="words")(x)
    y = layers.LSTM(3, return_sequences=True, name="memory")(y)
    y = layers.GRU(2, return_sequences=True, name="gates")(y)
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both")(y)
    y = layers.MultiHeadAttention(2, 3, name="heads")(y, y)
    y = layers.LayerNormalization(name="norm")(y)
    yield "tokens", keras.Model(x, layers.Conv1D(2, 3, name="steps")(y))
    yield "volume", keras.Sequential([
        keras.Input((3, 4, 3, 2)), layers.Conv3D(3, (2, 3, 1), name="cubes"), layers.Conv3DTranspose(2, (1, 2, 2), name="grow"),
    ])


def ordered(shape):
    return lambda values: torch.features(values, shape)


# What PyTorch has instead of a layer's weights, where that does not follow from its class.
OWN = {
    "fc1": lambda kernel, bias: torch.dense(kernel, bias, flattened=(4, 4)),
    "first": lambda kernel, bias: torch.dense(kernel, bias, becomes=(4, 6)),
    "head": lambda kernel, bias: torch.dense(kernel, bias, flattened=(6, 2)),
    "spread": lambda *weights: torch.batch_norm(*weights, order=ordered((4, 6))),
    "stats": lambda *weights: torch.batch_norm(*weights, order=ordered((6, 2))),
    "slope": lambda alpha: {"weight": alpha.ravel()},
    "slopes": lambda alpha: {"weight": torch.features(alpha, (6, 2))},
    "words": lambda table: {"weight": table},
    "both": lambda *weights: {**torch.lstm(*weights[:3]), **torch.lstm(*weights[3:], suffix="_reverse")},
}
KINDS = {
    "DepthwiseConv2D": torch.depthwise, "Dense": torch.dense, "BatchNormalization": torch.batch_norm, "GroupNormalization": torch.norm,
    "LayerNormalization": torch.norm, "LSTM": torch.lstm, "GRU": torch.gru, "MultiHeadAttention": torch.attention,
}


def main(folder):
    random = numpy.random.default_rng(5)
    expected = {}
    for name, model in models():
        model.set_weights([random.standard_normal(value.shape).astype("float32") for value in model.get_weights()])
        model.save(folder / f"{name}.keras")
        model.save(folder / f"{name}.h5")
        model.save_weights(folder / f"{name}.weights.h5")
        expected[name] = {}
        names = iter(["conv", "slope", "bn", "fc1", "fc2"])
        for layer in (one for one in model.layers if one.get_weights()):
            own = next(names) if name == "numbered" else layer.name
            convert = OWN.get(own) or KINDS.get(type(layer).__name__, torch.conv)
            for key, value in convert(*layer.get_weights()).items():
                expected[name][f"{own}.{key}"] = [list(value.shape), numpy.ascontiguousarray(value, "<f4").tobytes().hex()]
    (folder / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    main(pathlib.Path(sys.argv[1]))
