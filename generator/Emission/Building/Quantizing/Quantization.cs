using System;
using System.IO;
using System.Threading;
using Strata.Compiler.Emission;

namespace Strata;

/// <summary>Says what 8 bits would cost a network, before anybody changes it.</summary>
public static class Quantization
{
    /// <summary>
    /// Rounds the weights of a network's convolutions and dense layers, and what they read, to 8 bits, and measures what this changes.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Samples run through the network, and tell the range of each tensor. Activations then have one scale and one zero point for a tensor
    /// (integers from 0 to 255); weights have a scale for each output channel and no zero point (from −127 to 127), as in Jacob et al.
    /// 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", §2. Biases, batch norms,
    /// additions (without <see cref="QuantizeOptions.Joins"/>) and all else stay as they are, and so do layers that are tied to others.
    /// Some hundred samples like those of the app are usual.
    /// </para>
    /// <para>
    /// The network stays as it is. The result is another one, with the same names and keys. Four networks are compiled, and each sample
    /// runs four times, on one thread; with <see cref="QuantizeOptions.LeastOutputNoise"/>, up to some six times as often.
    /// </para>
    /// </remarks>
    /// <param name="network">The network, with the parameters that it shall have. It has one input.</param>
    /// <param name="samples">
    /// Samples one behind the other, as for <see cref="CompiledNetwork.Forward(ReadOnlySpan{float}, Span{float})"/>: at least one.
    /// </param>
    /// <param name="options">The method and the layers; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work before the next sample.</param>
    /// <returns>The rounded network and what its roundings cost. Whoever asked for it disposes of it.</returns>
    /// <exception cref="ArgumentException">
    /// There is no whole number of samples, a name of <see cref="QuantizeOptions.Except"/> is that of no convolution or dense layer, or
    /// the network has several inputs.
    /// </exception>
    /// <exception cref="ArithmeticException">A tensor is infinite or NaN for a sample.</exception>
    /// <exception cref="NetworkException">
    /// The network cannot be taken over; see <see cref="NetworkBuilder.Of(NetworkInfo, string)"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    /// <exception cref="PlatformNotSupportedException">No code can be made here (<see cref="NetworkCompiler.IsSupported"/>).</exception>
    public static QuantizedNetwork Quantize(
        this CompiledNetwork network, ReadOnlySpan<float> samples, QuantizeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Info.Inputs.Count != 1)
        {
            throw new ArgumentException($"{network.Info.Name} has {network.Info.Inputs.Count} inputs; one is expected.", nameof(network));
        }

        if (samples.IsEmpty || samples.Length % network.InputLength != 0)
        {
            throw new ArgumentException(
                $"{network.Info.Name} takes samples of {network.InputLength} numbers, but {samples.Length} numbers were given.",
                nameof(samples));
        }

        options ??= new QuantizeOptions();
        var work = new NetworkRounding(network, options, cancellationToken);
        work.FindRanges(samples);
        QuantizedNetwork rounded = work.Measure(samples);
        return rounded.OutputNoise < options.LeastOutputNoise ? WithFloats(work, rounded, options.LeastOutputNoise, samples) : rounded;
    }

    /// <summary>Leaves as few layers in floats as bring the output to a limit, the noisiest first. Halving finds how many.</summary>
    private static QuantizedNetwork WithFloats(
        NetworkRounding work, QuantizedNetwork rounded, double least, ReadOnlySpan<float> samples)
    {
        string[] order = work.NoisiestFirst();
        (int tooFew, int enough) = (0, order.Length + 1);
        while (enough - tooFew > 1)
        {
            int count = (tooFew + enough) / 2;
            QuantizedNetwork tried;
            try
            {
                tried = work.Without(order[..count]).Measure(samples);
            }
            catch
            {
                rounded.Dispose();
                throw;
            }

            bool isEnough = tried.OutputNoise >= least;
            (tooFew, enough) = isEnough ? (tooFew, count) : (count, enough);

            // If no number is enough, the last one that was tried has all layers in floats.
            if (isEnough || enough > order.Length)
            {
                rounded.Dispose();
                rounded = tried;
            }
            else
            {
                tried.Dispose();
            }
        }

        return rounded;
    }

    /// <summary>
    /// Writes the parameters as a safetensors file in which the weights of convolutions and dense layers behind <c>[FakeQuantize]</c> are
    /// integers of 8 bits: a quarter of their bytes. Every network with these parameters loads it as any other file.
    /// </summary>
    /// <remarks>
    /// <para>
    /// <c>fc.weight</c> is I8, from −127 to 127, and <c>fc.weight_scale</c> has the scale of each output channel. The weight is their
    /// product. It is what <see cref="Quantize"/> has made already. Other weights, such as those that were trained with roundings, are
    /// rounded, also those that inference computes in floats. Whoever loads the file has the rounded ones.
    /// </para>
    /// <para>The file appears complete or not at all.</para>
    /// </remarks>
    /// <param name="network">The network.</param>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <exception cref="IOException">The file cannot be written. An existing file is unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void SaveInt8(this CompiledNetwork network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        using Lifetime.Hold hold = network.Enter();
        SafetensorsFile.Write(path, IntegerWeights.Tensors(network));
    }

    /// <summary>As <see cref="SaveInt8(CompiledNetwork, string)"/>, at a stream's position. The stream stays open.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">Where to write.</param>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void SaveInt8(this CompiledNetwork network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        using Lifetime.Hold hold = network.Enter();
        SafetensorsFile.Write(stream, IntegerWeights.Tensors(network));
    }
}
