"""What Keras computes with the weights of three models, in Keras' order: rows, columns, channels. Written with NumPy alone."""

import numpy


def conv(x, kernel, bias):
    height, width = x.shape[0] - kernel.shape[0] + 1, x.shape[1] - kernel.shape[1] + 1
    return numpy.array([[numpy.einsum("hwi,hwio->o", x[i:i + kernel.shape[0], j:j + kernel.shape[1]], kernel) + bias for j in range(width)]
                        for i in range(height)])


def conv_transpose(x, kernel, bias):
    result = numpy.zeros((x.shape[0] + kernel.shape[0] - 1, x.shape[1] + kernel.shape[1] - 1, kernel.shape[2])) + bias
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            result[i:i + kernel.shape[0], j:j + kernel.shape[1]] += numpy.einsum("hwoi,i->hwo", kernel, x[i, j])
    return result


def batch_norm(x, gamma, beta, mean, variance, epsilon):
    return gamma * (x - mean) / numpy.sqrt(variance + epsilon) + beta


def prelu(x, alpha):
    return numpy.where(x > 0, x, alpha * x)


def max_pool(x):
    return x.reshape(x.shape[0] // 2, 2, x.shape[1] // 2, 2, -1).max((1, 3))


def picture(x, weights):
    x = prelu(conv(x, *weights["conv"]), *weights["slope"])
    x = max_pool(batch_norm(x, *weights["bn"], 1e-3)).ravel()
    for name in ("fc1", "fc2"):
        x = x @ weights[name][0] + weights[name][1]
    return x


def generator(x, weights):
    x = batch_norm(x @ weights["first"][0] + weights["first"][1], *weights["spread"], 1e-5)
    return conv_transpose(numpy.maximum(x, 0).reshape(2, 2, 6), *weights["draw"])


def flat(x, weights):
    x = prelu(batch_norm(x.ravel(), *weights["stats"], 1e-5), *weights["slopes"])
    return x @ weights["head"][0] + weights["head"][1]


# The extents of their inputs, rows first.
FORWARD = {"picture": (picture, (6, 6, 3)), "generator": (generator, (3,)), "flat": (flat, (3, 2, 2))}


def channels_first(x):
    return numpy.moveaxis(x, -1, 0) if x.ndim == 3 else x
