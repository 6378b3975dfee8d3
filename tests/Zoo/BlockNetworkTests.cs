using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;
using Strata.Tests;
using Xunit;

namespace Strata.Zoo.Tests;

/// <summary>The networks of Strata.Zoo that samples/Zoo does not declare, against PyTorch in double precision.</summary>
public sealed class BlockNetworkTests
{
    private const int Samples = 4;

    /// <summary>
    /// Wide ResNet-50-2 is ResNeXt-50 with one group and 69 million parameters: it trains with <c>STRATA_ALL_CASES=1</c>.
    /// </summary>
    private static readonly string[] Alike = ["wide_resnet50_2"];

    public static TheoryData<string> Networks => [.. BlockNetworks.Names];

    [Fact]
    public void Every_network_has_goldens() =>
        Assert.Equal(ZooGolden.NamesIn(BlockNetworks.Folder), BlockNetworks.Names.Order(StringComparer.Ordinal));

    /// <summary>The benchmark's workers load what the process that measures has compiled.</summary>
    [Fact]
    public void A_network_that_is_compiled_for_the_benchmarks_computes_the_same_in_a_workers_process()
    {
        BenchmarkNetwork network = BenchmarkNetwork.Find("crnn");
        using var @case = new Case(network, batch: 1, IsaSelection.Default, training: false);
        var options = new NetworkOptions { Threads = 1, Weights = Path.Combine(@case.Folder, Case.WeightsFile) };
        using CompiledNetwork here = network.Create(options), there = NetworkAssembly.In(@case.Folder, network.Name).Create(options);
        Assert.NotEqual(here.GetType(), there.GetType());
        float[] inputs = Inputs.Values(here.InputLength), expected = new float[here.OutputLength], outputs = new float[expected.Length];
        here.Forward(inputs, expected);
        there.Forward(inputs, outputs);
        Assert.Equal(expected, outputs);
    }

    [Fact]
    public void Each_network_that_is_measured_has_a_name_of_its_own() =>
        Assert.Distinct(BenchmarkNetwork.All.Select(network => network.Name));

    [Theory]
    [MemberData(nameof(Networks))]
    public void Keys_outputs_and_gradients_are_those_of_PyTorch(string name)
    {
        ZooGolden golden = ZooGolden.Read(name, BlockNetworks.Folder);
        bool trains = AllCases.Run || !Alike.Contains(name);
        using CompiledNetwork network = BlockNetworks.Compile(name, trains);
        Assert.Equal(0, golden.Kinks);
        Assert.Equal(KeysOf(golden.Tensors.Select(one => (one.Key, one.Shape.AsEnumerable()))),
            KeysOf(network.Info.Parameters.Select(one => (one.Key, one.Shape.AsEnumerable()))));
        Assert.Equal(golden.Parameters, network.Info.Layers.Sum(layer => (long)layer.ParameterCount));

        golden.Fill(network);
        float[] outputs = new float[Samples * network.OutputLength];
        network.Forward(golden.Inputs("inputs", Samples, network.Info.InputShape), outputs);
        golden.CheckOutputs(outputs, Samples, 1e-4);

        if (trains)
        {
            TrainingStep.Check(golden, network);
        }
    }

    private static IEnumerable<string> KeysOf(IEnumerable<(string Key, IEnumerable<int> Shape)> parameters) =>
        parameters.Select(one => $"{one.Key} ({string.Join(", ", one.Shape)})").Order(StringComparer.Ordinal);
}
