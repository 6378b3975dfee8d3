using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Emission;
using Strata.Compiler.Operators;

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
    /// additions and all else stay as they are. Some hundred samples like those of the app are usual.
    /// </para>
    /// <para>The network stays as it is. The result is another one, with the same names and keys.</para>
    /// </remarks>
    /// <param name="network">The network, with the parameters that it shall have. It has one input.</param>
    /// <param name="samples">
    /// Samples one behind the other, as for <see cref="CompiledNetwork.Forward(ReadOnlySpan{float}, Span{float})"/>: at least one.
    /// </param>
    /// <param name="options">The method and the layers; null for the defaults.</param>
    /// <returns>The rounded network and what its roundings cost. Whoever asked for it disposes of it.</returns>
    /// <exception cref="ArgumentException">
    /// There is no whole number of samples, a name of <see cref="QuantizeOptions.Except"/> is that of no convolution or dense layer, or
    /// the network has several inputs.
    /// </exception>
    /// <exception cref="ArithmeticException">A tensor is infinite or NaN for a sample.</exception>
    /// <exception cref="NetworkException">
    /// The network cannot be taken over; see <see cref="NetworkBuilder.Of(NetworkInfo, string)"/>.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">No code can be made here (<see cref="NetworkCompiler.IsSupported"/>).</exception>
    public static QuantizedNetwork Quantize(this CompiledNetwork network, ReadOnlySpan<float> samples, QuantizeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new QuantizeOptions();
        Check(network, samples);
        LayerInfo[] all = [.. network.Info.Layers.Where(layer => WeightOf(network.Info, layer) is not null)];
        LayerInfo[] rounded = Chosen(all, options);
        Dictionary<string, string> tensors = DescribedNetwork.FirstInputs(network.Info, rounded);
        Dictionary<string, TensorRange> ranges = RangesOf(network, samples, [.. tensors.Values.Distinct()], options);

        var compile = new CompileOptions
        {
            Name = network.Info.Name,
            Trains = network.Info.Losses.Count > 0 || network.Info.HasExternalLoss,
        };
        NetworkBuilder builder = NetworkBuilder.Of(network.Info, until: null, rounded, out IReadOnlyDictionary<string, string> roundings);
        var noise = new Dictionary<string, double>();
        CompiledNetwork result = builder.Compile(
            options.Network, compile, made => Fill(made, network, rounded, tensors, roundings, ranges, options, noise));
        try
        {
            return Compared(network, result, builder, samples, rounded, [.. all.Except(rounded).Select(layer => layer.Name)], layer =>
            {
                TensorRange range = ranges[tensors[layer]];
                (double least, double most) = range.Choose(options);
                (float scale, int zero) = TensorRange.ParametersOf(least, most);
                return new QuantizedLayer(layer, tensors[layer], scale, zero, range.Outside(least, most), noise[layer], double.NaN);
            });
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static void Check(CompiledNetwork network, ReadOnlySpan<float> samples)
    {
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
    }

    /// <summary>The weight of a convolution or a dense layer, and the axis of its output channels; null for other layers.</summary>
    private static (ParameterInfo Weight, int Channels)? WeightOf(NetworkInfo network, LayerInfo layer) =>
        layer.Function.Length == 0 && OperatorSet.FindBuiltIn(layer.Kind) is LayerOperator { Family: OperatorFamily.Convolution } known
        && network.Parameters.FirstOrDefault(parameter => parameter.Key == layer.Name + ".weight") is { } weight
            ? (weight, known is ConvTransposeOperator ? 1 : 0) : null;

    private static LayerInfo[] Chosen(LayerInfo[] all, QuantizeOptions options)
    {
        if (options.Except.FirstOrDefault(name => !Array.Exists(all, layer => layer.Name == name)) is { } unknown)
        {
            throw new ArgumentException(
                $"'{unknown}' is no convolution or dense layer with weights. There are: "
                + $"{string.Join(", ", all.Select(layer => layer.Name))}.", nameof(options));
        }

        return [.. (options.FirstAndLast ? all : all.Skip(1).SkipLast(1)).Where(layer => !options.Except.Contains(layer.Name))];
    }

    /// <summary>What samples make of tensors.</summary>
    private static Dictionary<string, TensorRange> RangesOf(
        CompiledNetwork network, ReadOnlySpan<float> samples, string[] tensors, QuantizeOptions options)
    {
        Dictionary<string, TensorRange> ranges = tensors.ToDictionary(name => name, _ => new TensorRange());
        using CompiledNetwork observed = Observed(NetworkBuilder.Of(network), network, tensors, options);
        foreach (bool counts in new[] { false, true })
        {
            for (int i = 0; i < samples.Length; i += network.InputLength)
            {
                ReadOnlySpan<float> sample = samples.Slice(i, network.InputLength);
                observed.Forward(sample, new float[observed.OutputLength]);
                foreach ((string name, TensorRange range) in ranges)
                {
                    ReadOnlySpan<float> numbers = IsInput(network, name) ? sample : observed.Activation(name);
                    if (counts)
                    {
                        range.Count(numbers);
                    }
                    else
                    {
                        range.Widen(numbers, name);
                    }
                }
            }
        }

        return ranges;
    }

    private static bool IsInput(CompiledNetwork network, string tensor) => network.Info.Inputs[0].Name == tensor;

    /// <summary>A network with the parameters of another one, whose layers can be looked at.</summary>
    private static CompiledNetwork Observed(
        NetworkBuilder builder, CompiledNetwork source, IEnumerable<string> tensors, QuantizeOptions options)
    {
        NetworkOptions network = (options.Network ?? new NetworkOptions()) with
        {
            Observe = [.. tensors.Where(name => !IsInput(source, name))],
            Weights = null,
            WeightsStream = null,
            Threads = 1,
        };
        return builder.Compile(
            network, new CompileOptions { Observable = true, Trains = false }, made => made.CopyParametersFrom(source));
    }

    /// <summary>Gives the rounded network its parameters.</summary>
    private static void Fill(
        CompiledNetwork made, CompiledNetwork source, LayerInfo[] rounded, Dictionary<string, string> tensors,
        IReadOnlyDictionary<string, string> roundings, Dictionary<string, TensorRange> ranges, QuantizeOptions options,
        Dictionary<string, double> noise)
    {
        foreach (Parameter parameter in source.Parameters)
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            if (rounded.FirstOrDefault(layer => layer.Name + ".weight" == parameter.Key) is { } own)
            {
                (double signal, double error) = WeightRounding.Round(values, parameter.Shape, WeightOf(source.Info, own)!.Value.Channels);
                noise.Add(own.Name, Decibels(signal, error));
            }

            made.FindParameter(parameter.Key)!.CopyFrom(values);
        }

        foreach (string tensor in tensors.Values.Distinct())
        {
            (double least, double most) = ranges[tensor].Choose(options);
            (float scale, int zero) = TensorRange.ParametersOf(least, most);
            made.FindParameter(roundings[tensor] + ".scale")!.CopyFrom([scale]);
            made.FindParameter(roundings[tensor] + ".zero_point")!.CopyFrom([zero]);
        }
    }

    /// <summary>Runs samples through both networks.</summary>
    private static QuantizedNetwork Compared(
        CompiledNetwork original, CompiledNetwork result, NetworkBuilder builder, ReadOnlySpan<float> samples, LayerInfo[] rounded,
        IReadOnlyList<string> kept, Func<string, QuantizedLayer> describe)
    {
        string[] names = [.. rounded.Select(layer => layer.Name)];
        var options = new QuantizeOptions();
        using CompiledNetwork before = Observed(NetworkBuilder.Of(original), original, names, options);
        using CompiledNetwork after = Observed(builder, result, names, options);
        (double Signal, double Noise)[] layers = new (double, double)[names.Length];
        (double signal, double noise, double cosine) = (0, 0, 1);
        float[] expected = new float[original.OutputLength], found = new float[original.OutputLength];
        for (int i = 0; i < samples.Length; i += original.InputLength)
        {
            before.Forward(samples.Slice(i, original.InputLength), expected);
            after.Forward(samples.Slice(i, original.InputLength), found);
            for (int layer = 0; layer < names.Length; layer++)
            {
                Add(ref layers[layer].Signal, ref layers[layer].Noise, before.Activation(names[layer]), after.Activation(names[layer]));
            }

            Add(ref signal, ref noise, expected, found);
            cosine = Math.Min(cosine, CosineOf(expected, found));
        }

        IEnumerable<QuantizedLayer> described = names.Select(
            (name, layer) => describe(name) with { OutputNoise = Decibels(layers[layer].Signal, layers[layer].Noise) });
        return new QuantizedNetwork(result, [.. described], kept, Decibels(signal, noise), cosine);
    }

    private static void Add(ref double signal, ref double noise, ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            signal += (double)expected[i] * expected[i];
            noise += Math.Pow((double)expected[i] - found[i], 2);
        }
    }

    private static double Decibels(double signal, double noise) => 10 * Math.Log10(signal / noise);

    private static double CosineOf(float[] one, float[] other)
    {
        (double product, double ofOne, double ofOther) = (0, 0, 0);
        for (int i = 0; i < one.Length; i++)
        {
            product += (double)one[i] * other[i];
            ofOne += (double)one[i] * one[i];
            ofOther += (double)other[i] * other[i];
        }

        return ofOne == 0 && ofOther == 0 ? 1 : product / Math.Sqrt(ofOne * ofOther);
    }
}
