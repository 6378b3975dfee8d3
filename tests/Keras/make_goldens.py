"""Writes Goldens.zip: files as Keras 1, 2 and 3 write them, and what they hold in PyTorch's order.

    /usr/bin/python3 tests/Keras/make_goldens.py

Debian's h5py 3.7 wrote the ones here. The layouts are those of keras/src/legacy/saving/legacy_h5_format.py and of
keras/src/saving/saving_lib.py; save_with_keras.py has Keras itself write the same models. expected.json has the tensors of each model.
"""

import io
import json
import pathlib
import re
import zipfile

import h5py
import numpy

from forward import FORWARD, channels_first
from models import MODELS, batch_norm, numbers

FOLDER = pathlib.Path(__file__).parent

# The stamp of all entries. HDF5 has a time in newer.h5, so that file alone differs each time.
STAMP = (2020, 1, 1, 0, 0, 0)

# What Keras 1 called its weights.
OLD = {"kernel": "W", "bias": "b", "moving_mean": "running_mean", "moving_variance": "running_std"}


def snake(name):
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def config_of(model, version):
    """The configuration of a Sequential."""
    layers = []
    for layer in model:
        config = {"name": layer.name, "trainable": True, **{k: v for k, v in layer.config.items() if k != "input_shape"}}
        described = {"class_name": layer.kind, "config": config}
        if version == 3 and "input_shape" in layer.config:
            described["build_config"] = {"input_shape": [None, *layer.config["input_shape"]]}
        layers.append(described)
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": layers}}


def legacy(group, model, version, fixed=True, chunks=1):
    """The weights of save_weights("x.h5")."""
    def names(values):
        # Before h5py 3, lists became texts of one length.
        return numpy.array(values, dtype="S") if fixed and values else numpy.array(values, dtype=object if values else "float64")

    listed = [layer.name.encode() for layer in model]
    for i, part in enumerate(numpy.array_split(numpy.array(listed, dtype="S"), chunks)):
        group.attrs["layer_names" if chunks == 1 else f"layer_names{i}"] = part
    if version > 1:
        group.attrs["backend"] = b"tensorflow"
        group.attrs["keras_version"] = {2: b"2.4.0", 3: b"3.5.0"}[version]
    for layer in sorted(model, key=lambda one: one.name):
        inner = group.create_group(layer.name)
        stored = [({1: f"{layer.name}_{OLD.get(name, name)}:0", 2: f"{layer.name}/{name}:0",
                    3: f"sequential/{layer.name}/{name}"}[version], value) for name, value in layer.weights]
        inner.attrs["weight_names"] = names([name.encode() for name, _ in stored])
        for name, value in stored:
            inner.create_dataset(name, value.shape, dtype=value.dtype)[...] = value
    if version == 3:
        group.create_group("top_level_model_weights").attrs["weight_names"] = names([])


def variables(file, model, named=True):
    """The weights of save_weights("x.weights.h5")."""
    counts = {}
    for layer in model:
        kind = snake(layer.kind)
        count = counts[kind] = counts.get(kind, -1) + 1
        group = file.create_group(f"layers/{kind}" + (f"_{count}" if count else ""))
        own = group.create_group("vars")
        if named:
            own.attrs["name"] = layer.name
        places = {}
        for name, value in layer.weights:
            *path, _ = name.split("/")
            path = "/".join("cell" if part.endswith("_cell") else part + "_layer" if part in ("forward_lstm", "backward_lstm") else part
                            for part in path).replace("_lstm_layer", "_layer")
            path = {"query": "query_dense", "key": "key_dense", "value": "value_dense", "attention_output": "output_dense"}.get(path, path)
            place = group.require_group(path + "/vars") if path else own
            place[str(places.setdefault(path, 0))] = value
            places[path] += 1
    if named:
        file.create_group("vars").attrs["name"] = "sequential"


def bytes_of(write, **options):
    with io.BytesIO() as memory:
        with h5py.File(memory, "w", **options) as file:
            write(file)
        return memory.getvalue()


def whole(file, model, version):
    """save("x.h5")."""
    file.attrs["model_config"] = json.dumps(config_of(model, version)).encode()
    file.attrs["training_config"] = "{}"
    legacy(file.create_group("model_weights"), model, version, fixed=version < 3)
    file.create_group("optimizer_weights").create_dataset("iterations", (), dtype="int64")[()] = 7


def archive(model, method=zipfile.ZIP_STORED):
    """save("x.keras")."""
    def weights(file):
        variables(file, model)
        file.create_group("optimizer/vars")["0"] = numpy.int64(7)

    with io.BytesIO() as memory:
        with zipfile.ZipFile(memory, "w", method) as target:
            for name, content in [("metadata.json", "{}"), ("config.json", json.dumps(config_of(model, 3))),
                                  ("model.weights.h5", bytes_of(weights))]:
                target.writestr(zipfile.ZipInfo(name, STAMP), content, method)
        return memory.getvalue()


def computed():
    """An input and an output of models, with channels first."""
    result = {}
    for name, (forward, shape) in FORWARD.items():
        weights = {layer.name: [value.astype("float64") for _, value in layer.weights] for layer in MODELS[name]}
        x = numbers(*shape, key=77)
        result[name] = {key: [list(value.shape), numpy.ascontiguousarray(value, "<f4").tobytes().hex()]
                        for key, value in (("input", channels_first(x)), ("output", channels_first(forward(x.astype("float64"), weights))))}
    return result


def others():
    """Files that have something of their own, or are refused."""
    model = MODELS["picture"]
    shapes = dict(model[1].weights)

    def compressed(file):
        legacy(file, model[:1], 2)
        file.attrs["layer_names"] = numpy.array([b"conv"], dtype="S")
        group = file.create_group("conv")
        group.attrs["weight_names"] = numpy.array([b"k"], dtype="S")
        group.create_dataset("k", data=shapes["kernel"], compression="gzip")

    def brain(file):
        group = file.create_group("layers/dense/vars")
        group.attrs["name"] = "fc"
        for i, value in enumerate([numbers(2, 3), numbers(3)]):
            data = (value.view("uint32") >> 16).astype("uint16").view("V2")
            group.create_dataset(str(i), data=data).attrs["dtype"] = "bfloat16"

    def unknown_scale(file):
        variables(file, [batch_norm("bn", 3, scale=False)], named=False)

    return {
        "keras1.h5": bytes_of(lambda file: legacy(file, model, 1)),
        "divided.h5": bytes_of(lambda file: legacy(file, model, 2, chunks=3)),
        "theano.h5": bytes_of(lambda file: (legacy(file, model, 2), file.attrs.__setitem__("backend", b"theano"))),
        "compressed.h5": bytes_of(compressed),
        "newer.h5": bytes_of(lambda file: legacy(file, model, 2), libver="latest"),
        "other.h5": bytes_of(lambda file: file.create_dataset("data", data=[1.0])),
        "brain.weights.h5": bytes_of(brain),
        "scale.weights.h5": bytes_of(unknown_scale),
        "scale.keras": archive([batch_norm("bn", 3, scale=False)]),
        "packed.keras": archive(model, zipfile.ZIP_DEFLATED),
        "unnamed.weights.h5": bytes_of(lambda file: variables(file, MODELS["numbered"], named=False)),
        "link.h5": bytes_of(lambda file: (legacy(file, model, 2), file.__setitem__("soft", h5py.SoftLink("/conv")))),
    }


def main():
    written, expected = {}, {}
    for name, model in MODELS.items():
        written[f"{name}-2.h5"] = bytes_of(lambda file: legacy(file, model, 2))
        written[f"{name}-2-whole.h5"] = bytes_of(lambda file: whole(file, model, 2))
        written[f"{name}-3.h5"] = bytes_of(lambda file: whole(file, model, 3))
        written[f"{name}.weights.h5"] = bytes_of(lambda file: variables(file, model))
        written[f"{name}.keras"] = archive(model)
        expected[name] = {key: [list(value.shape), numpy.ascontiguousarray(value, "<f4").tobytes().hex()]
                          for layer in model for key, value in layer.expected.items()}
    written.update(others())
    written["expected.json"] = json.dumps(expected).encode()
    written["computed.json"] = json.dumps(computed()).encode()
    with zipfile.ZipFile(FOLDER / "Goldens.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, content in sorted(written.items()):
            target.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED, 9)


if __name__ == "__main__":
    main()
