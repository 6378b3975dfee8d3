using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Tests;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>The networks of the zoo against PyTorch in double precision (<c>Goldens/make_zoo_goldens.py</c>).</summary>
public class NetworkTests
{
    /// <summary>
    /// Batches of up to so many multiply-adds train in every tier; up to the larger number, in the best and one other, by turns; beyond, in
    /// the best. <c>STRATA_ALL_CASES=1</c> trains up to the larger number in every tier.
    /// </summary>
    private const long SmallBatch = 1_000_000_000, LargeBatch = 20_000_000_000;

    private const int Samples = 4;

    /// <summary>
    /// Networks of hundreds of megabytes that have the layers of VGG-16 in other numbers. Their outputs are always compared; training and
    /// threads only with <c>STRATA_ALL_CASES=1</c>.
    /// </summary>
    private static readonly string[] Alike = ["vgg11", "vgg13", "vgg19"];

    public static TheoryData<string> Networks => [.. Names];

    public static TheoryData<string> DifferentNetworks => [.. Names.Where(name => AllCases.Run || !Alike.Contains(name))];

    public static TheoryData<string, Isa> NetworksAndTiers => Combine(_ => Tiers);

    public static TheoryData<string, Isa> TrainedNetworksAndTiers =>
        Combine(name => DifferentNetworks.Any(row => row.Data == name) ? TiersOf(name, ZooGolden.Read(name).Batch) : []);

    private static IEnumerable<string> Names => Catalog.All.Select(network => network.Name);

    private static Isa[] Tiers { get; } = [.. Enum.GetValues<Isa>().Where(IsaSelection.IsSupported).OrderDescending()];

    /// <summary>The tiers in which a batch of a network trains.</summary>
    public static IEnumerable<Isa> TiersOf(string name, int batch)
    {
        long multiplyAdds = batch * ZooNetwork.Find(name)!.MultiplyAdds;
        if (multiplyAdds > LargeBatch || Tiers.Length == 1)
        {
            return Tiers[..1];
        }

        return multiplyAdds <= SmallBatch || AllCases.Run
            ? Tiers : [Tiers[0], Tiers[1 + (Names.ToList().IndexOf(name) % (Tiers.Length - 1))]];
    }

    [Fact]
    public void Every_network_has_goldens() => Assert.Equal(ZooGolden.NamesIn(), Names.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Networks))]
    public void Keys_shapes_and_number_of_parameters_are_those_of_PyTorch(string name)
    {
        ZooGolden golden = ZooGolden.Read(name);
        ZooNetwork zoo = ZooNetwork.Find(name)!;
        Assert.Equal(
            golden.Tensors.Select(tensor => $"{tensor.Key} ({string.Join(", ", tensor.Shape)})").Order(StringComparer.Ordinal),
            zoo.Info.Parameters.Select(parameter => $"{parameter.Key} ({string.Join(", ", parameter.Shape)})").Order(StringComparer.Ordinal));
        Assert.Equal(golden.Parameters, zoo.Parameters);
    }

    [Theory]
    [InlineData("lenet5", 61_706)]
    [InlineData("net", 65_886)]
    [InlineData("makemodel", 159_299)]
    [InlineData("alexnet", 61_100_840)]
    [InlineData("vgg16", 138_357_544)]
    [InlineData("resnet18", 11_689_512)]
    [InlineData("resnet50", 25_557_032)]
    [InlineData("squeezenet1_1", 1_235_496)]
    [InlineData("densenet121", 7_978_856)]
    [InlineData("mobilenet_v2", 3_504_872)]
    [InlineData("shufflenet_v2_x1_0", 2_278_604)]
    [InlineData("efficientnet_b0", 5_288_548)]
    [InlineData("mobilenet_v3_large", 5_483_032)]
    [InlineData("convnext_tiny", 28_589_128)]
    public void Well_known_numbers_of_parameters_come_out(string name, long parameters) => Assert.Equal(parameters, ZooNetwork.Find(name)!.Parameters);

    /// <summary>Those of VGG-16 and AlexNet as Araujo, Norris and Sim (2019) have them.</summary>
    [Theory]
    [InlineData("vgg16", "features.30", 212)]
    [InlineData("alexnet", "features.12", 195)]
    [InlineData("vgg16", "classifier.0", 224)]
    [InlineData("lenet5", "pool2", 16)]
    public void Receptive_fields_are_those_that_were_published(string name, string layer, int extent) =>
        Assert.Equal([extent, extent], Assert.Single(ZooNetwork.Find(name)!.Info.Layers, row => row.Name == layer).ReceptiveField!);

    [Theory]
    [MemberData(nameof(DifferentNetworks))]
    public void One_sample_has_the_same_bits_for_any_number_of_threads(string name)
    {
        ZooNetwork zoo = ZooNetwork.Find(name)!;
        float[] input = new float[zoo.InputLength];
        var random = new Random(1);
        foreach (ref float value in input.AsSpan())
        {
            value = random.NextSingle();
        }

        float[]? expected = null;
        foreach (int threads in zoo.Parameters < 30_000_000 ? new[] { 1, 2, 3, 8 } : [1, 3])
        {
            using CompiledNetwork network = zoo.Create(new NetworkOptions { Threads = threads, Seed = 2 });
            float[] output = new float[zoo.OutputLength];
            network.Forward(input, output);
            expected ??= output;
            Assert.True(expected.AsSpan().SequenceEqual(output), $"{threads} threads");
        }
    }

    [Theory]
    [MemberData(nameof(NetworksAndTiers))]
    public void Outputs_are_those_of_PyTorch(string name, Isa isa)
    {
        ZooGolden golden = ZooGolden.Read(name);
        ZooNetwork zoo = ZooNetwork.Find(name)!;
        using CompiledNetwork network = zoo.Create(new NetworkOptions { Isa = isa });
        golden.Fill(network);
        float[] inputs = golden.Inputs("inputs", Samples, zoo.Info.InputShape);
        float[] outputs = new float[Samples * zoo.OutputLength];
        network.Forward(inputs, outputs);
        golden.CheckOutputs(outputs, Samples, 1e-4);

        // And alone, which takes other kernels.
        float[] alone = new float[zoo.OutputLength];
        network.Forward(inputs.AsSpan(0, zoo.InputLength), alone);
        golden.CheckOutputs(alone, 1, 1e-4);
    }

    [Theory]
    [MemberData(nameof(TrainedNetworksAndTiers))]
    public void Loss_gradients_and_running_statistics_of_a_step_are_those_of_PyTorch(string name, Isa isa)
    {
        using CompiledNetwork network = ZooNetwork.Find(name)!.Create(new NetworkOptions { Isa = isa });
        TrainingStep.Check(ZooGolden.Read(name), network);
    }

    private static TheoryData<string, Isa> Combine(Func<string, IEnumerable<Isa>> tiersOf)
    {
        var data = new TheoryData<string, Isa>();
        foreach (string name in Names)
        {
            foreach (Isa isa in tiersOf(name))
            {
                data.Add(name, isa);
            }
        }

        return data;
    }
}
