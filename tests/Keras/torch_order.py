"""What PyTorch has instead of the weights of a Keras layer, written with NumPy alone: the yardstick of the C# code."""

import numpy


def conv(kernel, bias=None):
    """(extents, in, out) or, transposed, (extents, out, in); both axes swap places."""
    result = {"weight": numpy.moveaxis(kernel, (-1, -2), (0, 1))}
    return result if bias is None else {**result, "bias": bias}


def depthwise(kernel, bias=None):
    """Channel c's filter m is output c · multiplier + m."""
    *extents, channels, multiplier = kernel.shape
    weight = numpy.empty((channels * multiplier, 1, *extents), kernel.dtype)
    for c in range(channels):
        for m in range(multiplier):
            weight[c * multiplier + m, 0] = kernel[..., c, m]
    return {"weight": weight} if bias is None else {"weight": weight, "bias": bias}


def features(values, shape):
    """Features that Keras counts as places and channels, counted as channels and places. The shape is (places, channels)."""
    return numpy.moveaxis(values.reshape(shape), -1, 0).ravel()


def dense(kernel, bias, flattened=None, becomes=None):
    weight = kernel.T
    if flattened:
        weight = numpy.stack([features(row, flattened) for row in weight])
    if becomes:
        weight = numpy.stack([features(column, becomes) for column in weight.T], axis=1)
        bias = features(bias, becomes)
    return {"weight": weight, "bias": bias}


def batch_norm(gamma, beta, mean, variance, order=lambda values: values):
    gamma = numpy.ones_like(mean) if gamma is None else gamma
    beta = numpy.zeros_like(mean) if beta is None else beta
    return {"weight": order(gamma), "bias": order(beta), "running_mean": order(mean), "running_var": order(variance)}


def norm(gamma, beta):
    return {"weight": numpy.moveaxis(gamma, -1, 0), "bias": numpy.moveaxis(beta, -1, 0)}


def lstm(kernel, state, bias, suffix=""):
    """Both have the gates i, f, g and o. PyTorch has a second bias."""
    return {f"weight_ih_l0{suffix}": kernel.T, f"weight_hh_l0{suffix}": state.T, f"bias_ih_l0{suffix}": bias,
            f"bias_hh_l0{suffix}": numpy.zeros_like(bias)}


def gru(kernel, state, bias):
    """Keras has the gates z, r and h; PyTorch r, z and n."""
    def ordered(values):
        z, r, h = numpy.split(values, 3)
        return numpy.concatenate([r, z, h])
    return {"weight_ih_l0": ordered(kernel.T), "weight_hh_l0": ordered(state.T), "bias_ih_l0": ordered(bias[0]),
            "bias_hh_l0": ordered(bias[1])}


def attention(query, query_bias, key, key_bias, value, value_bias, out, out_bias):
    """A head's features are neighbours in both."""
    width = query.shape[0]
    return {
        "in_proj_weight": numpy.concatenate([part.reshape(width, width).T for part in (query, key, value)]),
        "in_proj_bias": numpy.concatenate([part.ravel() for part in (query_bias, key_bias, value_bias)]),
        "out_proj.weight": out.reshape(width, width).T, "out_proj.bias": out_bias,
    }
