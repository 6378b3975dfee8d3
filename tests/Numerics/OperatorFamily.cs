using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>An operator with some of its options on an input.</summary>
/// <param name="Name">The golden's, too.</param>
/// <param name="Input">What the first layer reads.</param>
/// <param name="Layers">The operator; more than one only where it needs company.</param>
internal sealed record OperatorCase(string Name, Extents Input, params Layer[] Layers)
{
    /// <summary>
    /// Whether a small step in some of its numbers crosses a kink, so that differences say nothing about gradients. PyTorch's still do.
    /// </summary>
    public bool IsNearKink { get; init; }

    /// <summary>The layout of training; null for both.</summary>
    public TrainingLayout? TrainsIn { get; init; }

    /// <summary>A case for each layout in which it trains. A vector has one.</summary>
    public IEnumerable<OperatorCase> ByLayouts => TrainsIn is not null || Input.Rank == 1 ? [this]
        : new[] { TrainingLayout.Blocked, TrainingLayout.SampleLanes }.Select(layout => this with { TrainsIn = layout });

    public OracleNetwork Network() => new(Input, Layers, Objective.MeanSquaredError, inputGradient: true) { TrainsIn = TrainsIn };
}

/// <summary>
/// Operators and their goldens, a file that <c>make_operators</c> of <c>make_goldens.py</c> wrote: the oracle has to agree with
/// PyTorch in double precision, and the kernels of every tier with the oracle.
/// </summary>
internal sealed class OperatorFamily
{
    private const int Batch = 5;
    private const ulong InputStream = 10040, GradientStream = 120040;

    /// <summary>Alone, a block with a remainder in every tier.</summary>
    private static readonly int[] Batches = [1, 5, 19];

    private readonly Dictionary<string, OperatorCase> _cases;

    /// <summary>One for each layout; and the number of the first.</summary>
    private readonly Dictionary<string, (int First, Lazy<Comparison>[] Each)> _comparisons = [];
    private readonly Lazy<Dictionary<string, OperatorGolden>> _goldens;
    private readonly Lazy<CompiledNetworks> _compiled;

    /// <param name="file">The goldens' file.</param>
    /// <param name="cases">Each with a golden of its name.</param>
    public OperatorFamily(string file, params OperatorCase[] cases)
    {
        _cases = cases.ToDictionary(c => c.Name);
        OperatorCase[] all = [.. cases.SelectMany(c => c.ByLayouts)];
        int first = 0;
        foreach (OperatorCase c in cases)
        {
            int number = first;
            Lazy<Comparison>[] each =
                [.. c.ByLayouts.Select((own, i) => new Lazy<Comparison>(() => new Comparison(own.Network(), number + i, Batches)))];
            _comparisons.Add(c.Name, (number, each));
            first += each.Length;
        }

        _goldens = new(() => Golden.Read<OperatorGolden[]>(file).ToDictionary(g => g.Name));
        _compiled = new(() => NetworkCompiler.Compile([.. all.Select((c, i) => c.Network().Declaration($"Case{i}"))], file));
    }

    /// <summary>All of them, for tests of gradients.</summary>
    public IEnumerable<DifferentiableCase> Differentiable =>
        from c in _cases.Values
        where !c.IsNearKink
        from own in c.ByLayouts.Select((own, i) => (Case: own, Number: _comparisons[c.Name].First + i))
        select new DifferentiableCase(c.TrainsIn == own.Case.TrainsIn ? c.Name : $"{c.Name}, {own.Case.TrainsIn}", own.Case.Network(),
            () => _compiled.Value[$"Case{own.Number}"]);

    public TheoryData<string> Names => [.. _cases.Keys];

    public TheoryData<string, Isa> NamesAndTiers
    {
        get
        {
            var data = new TheoryData<string, Isa>();
            foreach (string name in _cases.Keys)
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    data.Add(name, isa);
                }
            }

            return data;
        }
    }

    /// <summary>Outputs and gradients of the oracle against PyTorch's.</summary>
    public void CheckOracle(string name)
    {
        Assert.Equal(_cases.Keys.Order(), _goldens.Value.Keys.Order());
        OperatorGolden golden = _goldens.Value[name];
        OracleNetwork network = _cases[name].Network();
        Models.Fill(network);
        Numbers[] inputs = Samples(InputStream, network.InputLength), outputGradients = Samples(GradientStream, network.OutputLength);
        Numbers inference = Numbers.Join([.. network.Forward(inputs, training: false).Select(pass => pass.Output)]);
        Pass[] passes = network.Forward(inputs, training: true);
        Numbers outputs = Numbers.Join([.. passes.Select(pass => pass.Output)]);
        var gradients = new GradientSums(network);
        network.Backward(passes, outputGradients, gradients);
        network.MoveStatistics(passes, network.Weights);
        Assert.Equal(golden.Shape, network.Output.ToArray());
        Check(golden.Outputs, outputs, "output");
        Check(golden.InputGradient, Numbers.Join(gradients.Inputs), "gradient of the input");
        Check(golden.Inference ?? golden.Outputs, inference, "output of inference");
        IReadOnlyList<Numbers> sums = gradients.Result();
        CheckAll(golden.Gradients, isTrained: true, sums, "gradient of");
        CheckAll(golden.Statistics ?? [], isTrained: false, network.Weights, "what a batch makes of");

        void CheckAll(Dictionary<string, GoldenDigest> expected, bool isTrained, IReadOnlyList<Numbers> actual, string what)
        {
            int[] own = [.. Enumerable.Range(0, actual.Count).Where(k => network.Parameters[k].IsTrained == isTrained)];
            Assert.Equal(expected.Keys.Select(Suffix), own.Select(k => Suffix(network.Parameters[k].Key)));
            foreach ((GoldenDigest digest, int k) in expected.Values.Zip(own))
            {
                Check(digest, actual[k], $"{what} {network.Parameters[k].Key}");
            }
        }

        // Double precision on both sides, sums in another order.
        void Check(GoldenDigest expected, Numbers actual, string what) =>
            expected.Check(actual.Value, i => 1e-11 * (1 + Math.Abs(actual.Value[i])), $"{what} of {name}");

        static Numbers[] Samples(ulong stream, int length)
        {
            float[] all = Formula.Uniforms(stream, Batch * length);
            return [.. Enumerable.Range(0, Batch).Select(n => Numbers.Exact(all.AsSpan(n * length, length)))];
        }

        static string Suffix(string key) => key[(key.LastIndexOf('.') + 1)..];
    }

    /// <summary>A tier against the oracle: alone, in blocks, in training, with a loss and without.</summary>
    public void CheckTier(string name, Isa isa)
    {
        (int first, Lazy<Comparison>[] each) = _comparisons[name];
        for (int i = 0; i < each.Length; i++)
        {
            string? difference = each[i].Value.Run(_compiled.Value[$"Case{first + i}"], isa);
            Assert.True(difference is null, $"{difference}\n{each[i].Value.Network.Declaration(name)}");
        }
    }

    private sealed record OperatorGolden(
        string Name, int[] Shape, GoldenDigest Outputs, GoldenDigest InputGradient, Dictionary<string, GoldenDigest> Gradients,
        GoldenDigest? Inference = null, Dictionary<string, GoldenDigest>? Statistics = null);
}
