using System;
using System.Collections.Generic;
using System.Numerics.Tensors;

namespace Strata.Tensors;

/// <summary>
/// Parameters as .NET's tensors, with PyTorch's shapes. A network keeps its parameters packed for its kernels, so they are copied, and
/// there is no view of them.
/// </summary>
public static class TensorParameters
{
    /// <summary>A copy of a parameter in a new tensor.</summary>
    /// <param name="parameter">The parameter, such as <c>net.FindParameter("conv1.weight")</c>.</param>
    /// <returns>A dense tensor of <see cref="Parameter.Shape"/>.</returns>
    /// <exception cref="InvalidOperationException">Another thread changes the network.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static Tensor<float> ToTensor(this Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        IReadOnlyList<int> shape = parameter.Shape;
        Span<nint> lengths = stackalloc nint[shape.Count];
        for (int axis = 0; axis < shape.Count; axis++)
        {
            lengths[axis] = shape[axis];
        }

        return Tensor.Create(values, lengths);
    }

    /// <summary>Reads all elements of a parameter: <see cref="Parameter.CopyTo"/>.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="destination">A tensor of <see cref="Parameter.Shape"/>, which need not be dense.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, or elements of it share memory.</exception>
    /// <exception cref="InvalidOperationException">Another thread changes the network.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void CopyTo(this Parameter parameter, scoped in TensorSpan<float> destination)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        TensorShape.Check(parameter, destination.Lengths, nameof(destination));
        using var values = new OutputFloats(destination, nameof(destination));
        parameter.CopyTo(values.Span);
        values.Commit();
    }

    /// <summary>Replaces all elements of a parameter: <see cref="Parameter.CopyFrom"/>.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="source">A tensor of <see cref="Parameter.Shape"/>, which need not be dense.</param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network: it would see old and new values mixed.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void CopyFrom(this Parameter parameter, scoped in ReadOnlyTensorSpan<float> source)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        TensorShape.Check(parameter, source.Lengths, nameof(source));
        using var values = new InputFloats(source);
        parameter.CopyFrom(values.Span);
    }
}
