using System;
using System.Collections.Generic;
using System.Numerics.Tensors;

namespace Strata.Tensors;

/// <summary>Calls of networks with .NET's tensors instead of spans. Results are the same to the bit.</summary>
/// <remarks>
/// <para>
/// A tensor has the shape of one sample, as the network declares it, or one more axis in front: (C, H, W) or (N, C, H, W). The shape is
/// checked, not only the length.
/// </para>
/// <para>
/// A dense tensor is used where it is. One that is not, such as a slice or a transposed view, is copied by way of
/// <see cref="System.Buffers.ArrayPool{T}"/>. Once a call has been made with a number of samples, further such calls allocate nothing.
/// </para>
/// </remarks>
public static class TensorInference
{
    /// <summary>Computes the outputs of a sample or a batch: <see cref="CompiledNetwork.Forward"/>.</summary>
    /// <param name="network">
    /// The network. If it has several inputs or outputs, those of a sample stand side by side, as in the call on spans.
    /// </param>
    /// <param name="input">
    /// A sample, such as (C, H, W), or a batch, such as (N, C, H, W): <see cref="NetworkInfo.InputShape"/>. It may be a broadcast view.
    /// </param>
    /// <param name="output">
    /// Receives the outputs: <see cref="NetworkInfo.OutputShape"/>, with or without the axis of the batch. Must not overlap the input,
    /// unless one of them is copied.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A shape does not fit, the tensors overlap, or elements of the output share memory.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread changes the parameters.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void Forward(
        this CompiledNetwork network, scoped in ReadOnlyTensorSpan<float> input, scoped in TensorSpan<float> output)
    {
        ArgumentNullException.ThrowIfNull(network);
        NetworkInfo info = network.Info;
        int samples = TensorShape.CountSamples(info.Name, "input", null, info.InputShape, input.Lengths, nameof(input));
        TensorShape.Check(info.Name, "output", null, info.OutputShape, output.Lengths, samples, nameof(output));
        using var results = new OutputFloats(output, nameof(output));
        using var values = new InputFloats(input);
        network.Forward(values.Span, results.Span);
        results.Commit();
    }

    /// <summary>Computes the outputs of a network with several inputs or outputs, each of which is a tensor of its own.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">
    /// The inputs in the order of <see cref="NetworkInfo.Inputs"/>, each with or without the axis of the batch.
    /// </param>
    /// <param name="outputs">
    /// Receive the outputs, in the order of <see cref="NetworkInfo.Outputs"/>, each with or without the axis of the batch.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are more or fewer tensors than the network has, a shape does not fit, or elements of an output share memory.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread changes the parameters.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void Forward(
        this CompiledNetwork network, ReadOnlySpan<Tensor<float>> inputs, ReadOnlySpan<Tensor<float>> outputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        NetworkInfo info = network.Info;
        int samples = TensorGroup.CountSamples(info.Name, "input", info.Inputs, inputs, nameof(inputs));
        TensorGroup.Check(info.Name, "output", info.Outputs, outputs, samples, nameof(outputs));
        TensorGroup.CheckElementsAreApart(outputs, nameof(outputs));
        using var values = new PooledFloats(samples, network.InputLength);
        using var results = new PooledFloats(samples, network.OutputLength);
        TensorGroup.Gather(inputs, values.Span, samples);
        network.Forward(values.Span, results.Span);
        TensorGroup.Scatter(results.Span, outputs, samples);
    }

    /// <summary>The class of a sample: <see cref="Classification.Classify(CompiledNetwork, ReadOnlySpan{float})"/>.</summary>
    /// <param name="network">A network that classifies.</param>
    /// <param name="input">One sample, with or without an axis of the batch, which is then 1.</param>
    /// <returns>The class, and its probability.</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or there are several samples.</exception>
    /// <exception cref="InvalidOperationException">The network does not classify, or another thread changes the parameters.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static ClassPrediction Classify(this CompiledNetwork network, scoped in ReadOnlyTensorSpan<float> input)
    {
        Span<ClassPrediction> prediction = stackalloc ClassPrediction[1];
        network.Classify(input, prediction);
        return prediction[0];
    }

    /// <summary>
    /// The classes of a batch: <see cref="Classification.Classify(CompiledNetwork, ReadOnlySpan{float}, Span{ClassPrediction})"/>.
    /// </summary>
    /// <param name="network">A network that classifies.</param>
    /// <param name="input">A sample or a batch.</param>
    /// <param name="predictions">Receives each sample's class, and its probability.</param>
    /// <exception cref="ArgumentException">The shape does not fit, or there are more or fewer predictions than samples.</exception>
    /// <exception cref="InvalidOperationException">The network does not classify, or another thread changes the parameters.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void Classify(
        this CompiledNetwork network, scoped in ReadOnlyTensorSpan<float> input, Span<ClassPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(network);
        NetworkInfo info = network.Info;
        int samples = TensorShape.CountSamples(info.Name, "input", null, info.InputShape, input.Lengths, nameof(input));
        if (predictions.Length != samples)
        {
            throw new ArgumentException(
                $"The input of {info.Name} is {MessageText.Count(samples, "sample")}, but there is room for "
                + $"{MessageText.Count(predictions.Length, "prediction")}.", nameof(predictions));
        }

        using var values = new InputFloats(input);
        network.Classify(values.Span, predictions);
    }

    /// <summary>
    /// What a layer computed in the last call, with its shape: <see cref="CompiledNetwork.Activation"/>. Nothing is copied.
    /// </summary>
    /// <param name="network">A network that observes the layer (<see cref="NetworkOptions.Observe"/>).</param>
    /// <param name="layer">The layer's key, such as <c>conv1</c>.</param>
    /// <returns>(N, C, H, W), valid until the next call; N is 0 before the first.</returns>
    /// <exception cref="ArgumentException">The layer is not observed.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static ReadOnlyTensorSpan<float> ActivationTensor(this CompiledNetwork network, string layer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ReadOnlySpan<float> values = network.Activation(layer);
        IReadOnlyList<int> shape = ShapeOf(network.Info, layer);
        Span<nint> lengths = stackalloc nint[shape.Count + 1];
        nint sample = 1;
        for (int axis = 0; axis < shape.Count; axis++)
        {
            lengths[axis + 1] = shape[axis];
            sample *= shape[axis];
        }

        lengths[0] = values.Length / sample;
        return new ReadOnlyTensorSpan<float>(values, lengths);
    }

    private static IReadOnlyList<int> ShapeOf(NetworkInfo info, string layer)
    {
        for (int i = 0; i < info.Layers.Count; i++)
        {
            if (info.Layers[i].Name == layer)
            {
                return info.Layers[i].OutputShape;
            }
        }

        throw new ArgumentException($"{info.Name} has no layer '{layer}'.", nameof(layer));
    }
}
