using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Lowering;

namespace Strata.Compiler.Emission;

/// <summary>Rounds a network: finds ranges, compiles it with roundings, and compares both.</summary>
internal sealed class NetworkRounding
{
    private readonly CompiledNetwork _source;
    private readonly QuantizeOptions _options;
    private readonly CancellationToken _cancellationToken;

    /// <summary>The layers that are rounded, with their weights.</summary>
    private readonly List<(LayerInfo Layer, WeightRounding Weight)> _layers;
    private readonly string[] _kept;

    /// <summary>What the layers read.</summary>
    private readonly Dictionary<string, string> _inputs;
    private readonly Dictionary<string, TensorRange> _ranges;
    private readonly Dictionary<string, (float Scale, int ZeroPoint, double Clamped, double Error)> _scales = [];

    /// <summary>The noise of weights, by their keys.</summary>
    private readonly Dictionary<string, double> _noise = [];
    private readonly NetworkBuilder _builder;
    private readonly IReadOnlyDictionary<string, string> _roundings;

    /// <exception cref="ArgumentException">A name among the options is that of no convolution or dense layer.</exception>
    public NetworkRounding(CompiledNetwork source, QuantizeOptions options, CancellationToken cancellationToken)
    {
        (_source, _options, _cancellationToken) = (source, options, cancellationToken);
        NetworkInfo info = source.Info;
        LayerInfo[] all = [.. info.Layers.Where(layer => WeightRounding.IsWeighted(info, layer))];
        if (options.Except.FirstOrDefault(name => !Array.Exists(all, layer => layer.Name == name)) is { } unknown)
        {
            throw new ArgumentException(
                $"'{unknown}' is no convolution or dense layer with weights. There are: "
                + $"{string.Join(", ", all.Select(layer => layer.Name))}.", nameof(options));
        }

        _layers =
        [
            .. from layer in options.FirstAndLast ? all : all.Skip(1).SkipLast(1)
               where !options.Except.Contains(layer.Name) && (options.FloatLayers || !WeightRounding.IsOfFloats(layer))
               let weight = WeightRounding.Of(info, layer)
               where weight is not null
               select (layer, weight),
        ];
        _kept = [.. all.Except(_layers.Select(one => one.Layer)).Select(layer => layer.Name)];
        _inputs = DescribedNetwork.FirstInputs(info, _layers.Select(one => one.Layer));
        LayerInfo[] joins = options.Joins ? [.. DescribedNetwork.Joins(info)] : [];
        _ranges = _inputs.Values.Concat(joins.SelectMany(join => join.Inputs)).Distinct()
            .ToDictionary(tensor => tensor, _ => new TensorRange());
        _builder = NetworkBuilder.Of(info, until: null, _layers.Select(one => one.Layer).Concat(joins), out _roundings);
    }

    /// <summary>What the networks are made with: not what names layers or files of the user's own network.</summary>
    private NetworkOptions Network => (_options.Network ?? new NetworkOptions()) with
    {
        Weights = null,
        WeightsStream = null,
        Observe = [],
        WeightStorage = default,
    };

    /// <summary>Finds what samples make of the tensors that will be rounded.</summary>
    public void FindRanges(ReadOnlySpan<float> samples)
    {
        using CompiledNetwork observed = Observed(NetworkBuilder.Of(_source), _source, _ranges.Keys);
        float[] outputs = new float[observed.OutputLength];
        foreach (bool counts in new[] { false, true })
        {
            for (int i = 0; i < samples.Length; i += _source.InputLength)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                ReadOnlySpan<float> sample = samples.Slice(i, _source.InputLength);
                observed.Forward(sample, outputs);
                foreach ((string name, TensorRange range) in _ranges)
                {
                    ReadOnlySpan<float> numbers = IsInput(name) ? sample : observed.Activation(name);
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

        foreach ((string name, TensorRange range) in _ranges)
        {
            (double least, double most) = range.Choose(_options);
            (float scale, int zero) = TensorRange.ParametersOf(least, most);
            _scales.Add(name, (scale, zero, range.Outside(least, most), range.RelativeErrorOf(least, most)));
        }
    }

    /// <summary>The same ranges with further layers that stay as they are.</summary>
    public NetworkRounding Without(IEnumerable<string> layers)
    {
        var other = new NetworkRounding(_source, _options with { Except = [.. _options.Except, .. layers] }, _cancellationToken);
        foreach (string tensor in other._ranges.Keys)
        {
            other._scales.Add(tensor, _scales[tensor]);
        }

        return other;
    }

    /// <summary>
    /// The rounded layers, those first whose own roundings are the noisiest: of the weights and of the input, in proportion to both. They
    /// are known once the network was compiled.
    /// </summary>
    public string[] NoisiestFirst() =>
    [
        .. _layers.OrderByDescending(one => Math.Pow(10, -_noise[one.Weight.Key] / 10) + _scales[_inputs[one.Layer.Name]].Error)
            .Select(one => one.Layer.Name),
    ];

    /// <summary>What the rounded network is compiled with.</summary>
    private CompileOptions Rounded => new()
    {
        Name = _source.Info.Name,
        Trains = _source.Info.Losses.Count > 0 || _source.Info.HasExternalLoss,
        Int8 = true,
    };

    /// <summary>Compiles the rounded network, and runs samples through both.</summary>
    public QuantizedNetwork Measure(ReadOnlySpan<float> samples)
    {
        CompiledNetwork rounded = _builder.Compile(Network, Rounded, Fill);
        try
        {
            return Compare(rounded, samples);
        }
        catch
        {
            rounded.Dispose();
            throw;
        }
    }

    private QuantizedNetwork Compare(CompiledNetwork rounded, ReadOnlySpan<float> samples)
    {
        string[] names = [.. _layers.Select(one => one.Layer.Name)];
        using CompiledNetwork before = Observed(NetworkBuilder.Of(_source), _source, names);
        using CompiledNetwork after = Observed(_builder, rounded, names);
        Difference[] layers = [.. names.Select(_ => new Difference())];
        var all = new Difference();
        double cosine = 1;
        float[] expected = new float[_source.OutputLength], found = new float[_source.OutputLength];
        for (int i = 0; i < samples.Length; i += _source.InputLength)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            before.Forward(samples.Slice(i, _source.InputLength), expected);
            after.Forward(samples.Slice(i, _source.InputLength), found);
            for (int layer = 0; layer < names.Length; layer++)
            {
                layers[layer].Add(before.Activation(names[layer]), after.Activation(names[layer]));
            }

            all.Add(expected, found);
            cosine = Math.Min(cosine, CosineOf(expected, found));
        }

        IReadOnlyList<string> integers = TierPrograms.LayersOfIntegers(
            NetworkCompiler.GraphOf(_builder.Declaration(Rounded), _cancellationToken), NetworkCompiler.TierOf(rounded.Isa),
            _cancellationToken);
        IEnumerable<QuantizedLayer> described = _layers.Select((one, i) =>
        {
            string input = _inputs[one.Layer.Name];
            (float scale, int zero, double clamped, _) = _scales[input];
            return new QuantizedLayer(
                one.Layer.Name, input, scale, zero, clamped, _noise[one.Weight.Key], layers[i].Decibels, integers.Contains(one.Layer.Name));
        });
        return new QuantizedNetwork(rounded, [.. described], _kept, all.Decibels, cosine);
    }

    private bool IsInput(string tensor) => _source.Info.Inputs[0].Name == tensor;

    /// <summary>A network with the parameters of another one, whose layers can be looked at.</summary>
    private CompiledNetwork Observed(NetworkBuilder builder, CompiledNetwork source, IEnumerable<string> tensors) => builder.Compile(
        Network with { Observe = [.. tensors.Where(name => !IsInput(name))], Threads = 1 },
        new CompileOptions { Observable = true, Trains = false, Int8 = source.Info.Int8 }, made => made.CopyParametersFrom(source));

    /// <summary>Gives the rounded network its parameters.</summary>
    private void Fill(CompiledNetwork made)
    {
        foreach (Parameter parameter in _source.Parameters)
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            if (_layers.Find(one => one.Weight.Key == parameter.Key).Weight is { } weight)
            {
                (double signal, double noise) = weight.Round(values, parameter.Shape);
                _noise.Add(parameter.Key, Difference.DecibelsOf(signal, noise));
            }

            made.FindParameter(parameter.Key)!.CopyFrom(values);
        }

        foreach ((string tensor, (float scale, int zero, _, _)) in _scales)
        {
            made.FindParameter(_roundings[tensor] + ".scale")!.CopyFrom([scale]);
            made.FindParameter(_roundings[tensor] + ".zero_point")!.CopyFrom([zero]);
        }
    }

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

    /// <summary>Sums of squares: of numbers, and of what others differ from them.</summary>
    private sealed class Difference
    {
        private double _signal, _noise;

        public double Decibels => DecibelsOf(_signal, _noise);

        public static double DecibelsOf(double signal, double noise) =>
            noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);

        public void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                _signal += (double)expected[i] * expected[i];
                _noise += Math.Pow((double)expected[i] - found[i], 2);
            }
        }
    }
}
