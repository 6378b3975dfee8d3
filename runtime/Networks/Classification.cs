using System;
using System.Buffers;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Tells the most likely class of samples, for networks that classify.</summary>
/// <remarks>
/// <code>
/// ClassPrediction digit = net.Classify(image);         // floats from 0 to 1, or bytes from 0 to 255
/// Console.WriteLine($"{digit.Index} with {digit.Probability:P1}");
/// </code>
/// <para>Softmax is applied exactly once. What is read are the outputs that the first loss on classes compares with its targets:</para>
/// <list type="table">
/// <listheader><term>The network ends with</term><description>Probability</description></listheader>
/// <item><term><c>[Softmax]</c></term><description>the output as it is</description></item>
/// <item><term><c>[LogSoftmax]</c></term><description>e to the power of the output</description></item>
/// <item><term>others, as <c>[Dense(10)]</c></term><description>the softmax of the outputs, which are logits</description></item>
/// </list>
/// <para>
/// A network without a loss has to have one output, of a number for each class. A network with a sigmoid at its end and no loss on classes
/// is refused: each of its outputs is a probability by itself.
/// </para>
/// </remarks>
public static class Classification
{
    /// <summary>The most likely class of one sample.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">One sample.</param>
    /// <exception cref="ArgumentException">This is not one sample.</exception>
    /// <exception cref="InvalidOperationException">
    /// The network does not classify samples, or an output is not a finite number, or another thread changes the parameters.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static ClassPrediction Classify(this CompiledNetwork network, ReadOnlySpan<float> input)
    {
        Span<ClassPrediction> one = stackalloc ClassPrediction[1];
        Classify(network, input, one);
        return one[0];
    }

    /// <summary>The most likely class of one image of bytes, which are divided by 255.</summary>
    /// <inheritdoc cref="Classify(CompiledNetwork, ReadOnlySpan{float})"/>
    public static ClassPrediction Classify(this CompiledNetwork network, ReadOnlySpan<byte> input)
    {
        Span<ClassPrediction> one = stackalloc ClassPrediction[1];
        Classify(network, input, one);
        return one[0];
    }

    /// <summary>The most likely class of each of some samples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">The samples one after the other.</param>
    /// <param name="predictions">Receives the class of each sample.</param>
    /// <exception cref="ArgumentException">There are not as many samples as predictions.</exception>
    /// <exception cref="InvalidOperationException">
    /// The network does not classify samples, or an output is not a finite number, or another thread changes the parameters.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void Classify(this CompiledNetwork network, ReadOnlySpan<float> inputs, Span<ClassPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(network);
        float[] outputs = Rent(network, inputs.Length, predictions.Length);
        try
        {
            Span<float> own = outputs.AsSpan(0, predictions.Length * network.OutputLength);
            network.Forward(inputs, own);
            Read(network, own, predictions);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(outputs);
        }
    }

    /// <summary>The most likely class of each of some images of bytes, which are divided by 255.</summary>
    /// <inheritdoc cref="Classify(CompiledNetwork, ReadOnlySpan{float}, Span{ClassPrediction})"/>
    public static void Classify(this CompiledNetwork network, ReadOnlySpan<byte> inputs, Span<ClassPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(network);
        float[] outputs = Rent(network, inputs.Length, predictions.Length);
        try
        {
            Span<float> own = outputs.AsSpan(0, predictions.Length * network.OutputLength);
            TensorBatch.Forward(network, inputs, own);
            Read(network, own, predictions);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(outputs);
        }
    }

    /// <summary>Memory for the outputs. Checks the lengths, and whether the network classifies.</summary>
    private static float[] Rent(CompiledNetwork network, int inputs, int predictions)
    {
        _ = network.ClassOutput;
        int samples = network.CountSamples(inputs, nameof(inputs));
        return samples == predictions ? TensorBatch.Rent(samples, network.OutputLength) : throw new ArgumentException(
            $"{MessageText.Count(inputs, "number")} are {MessageText.Count(samples, "sample")} of {network.Info.Name}, but there is room "
            + $"for {MessageText.Count(predictions, "prediction")}.", nameof(predictions));
    }

    private static void Read(CompiledNetwork network, ReadOnlySpan<float> outputs, Span<ClassPrediction> predictions)
    {
        ClassOutput output = network.ClassOutput;
        for (int i = 0; i < predictions.Length; i++)
        {
            ReadOnlySpan<float> scores = outputs.Slice((i * network.OutputLength) + output.Offset, output.Classes);
            predictions[i] = output.Read(scores) ?? throw new InvalidOperationException(
                $"{network.Info.Name} gives sample {i} an output that is not a finite number. Its parameters or the sample hold NaN, or "
                + "numbers that are too large.");
        }
    }
}
