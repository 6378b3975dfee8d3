using System;
using System.Linq;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>What options of networks of run time do, at each size of the input.</summary>
public sealed class CompileOptionsTests
{
    private static NetworkBuilder Classifier(int height, int width) => new NetworkBuilder(3, height, width)
        .Conv2D(16, 3, padding: 1).ReLU().GlobalAveragePool2D().Flatten().Dense(200).ReLU().Dense(5);

    private static readonly CompileOptions Narrow = new() { WeightStorage = WeightStorage.BFloat16 };

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Weights_are_kept_in_bfloat16_where_the_options_say_so(Isa isa)
    {
        var options = new NetworkOptions { Isa = isa, Seed = 3, Threads = 1 };
        using CompiledNetwork narrow = Classifier(8, 8).Compile(options with { WeightStorage = WeightStorage.BFloat16 }, Narrow),
            wide = Classifier(8, 8).Compile(options, Narrow), sized = Classifier(12, 10).Compile(options);
        Assert.Equal((WeightStorage.BFloat16, WeightStorage.Float32), (narrow.WeightStorage, wide.WeightStorage));
        Assert.NotEqual(Outputs(wide), Outputs(narrow));

        // The same sums as of floats that were rounded: what a narrow network gives out is what it keeps.
        foreach (Parameter parameter in narrow.Parameters)
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            wide.FindParameter(parameter.Key)!.CopyFrom(values);
            sized.FindParameter(parameter.Key)!.CopyFrom(values);
        }

        Assert.Equal(Outputs(wide), Outputs(narrow));
        Assert.Equal(WeightStorage.BFloat16, narrow.At(12, 10).WeightStorage);
        Assert.Equal(Outputs(sized), Outputs(narrow.At(12, 10)));
    }

    public static TheoryData<Isa> AllTiers() => [.. Tiers.Supported];

    [Fact]
    public void Without_the_option_the_message_says_how_it_is_compiled()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => Classifier(8, 8).Compile(new NetworkOptions { WeightStorage = WeightStorage.BFloat16 }));
        Assert.Contains("CompileOptions.WeightStorage", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_much_code_is_refused_before_it_is_made()
    {
        NetworkException refused = Assert.Throws<NetworkException>(
            () => Classifier(8, 8).Compile(compile: new CompileOptions { Name = "Large", MaxCodeSize = 1000 }));
        Assert.Equal("The code of Large has more than the 1,000 bytes that are allowed (MaxCodeSize).", refused.Message);
    }

    [Fact]
    public void Limits_hold_for_another_size_too()
    {
        using CompiledNetwork small = Classifier(4, 4).Compile(compile: new CompileOptions { Name = "Small", MaxMemory = 1 << 20 });
        Assert.Equal([5], small.At(16, 16).Info.OutputShape);
        NetworkException refused = Assert.Throws<NetworkException>(() => small.At(512, 512));
        Assert.StartsWith("Small at 512×512 needs ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(CompileOptions.MaxMemory), refused.Message, StringComparison.Ordinal);
    }

    private static float[] Outputs(CompiledNetwork network)
    {
        float[] outputs = new float[network.OutputLength];
        network.Forward([.. Enumerable.Range(0, network.InputLength).Select(i => MathF.Sin(i))], outputs);
        return outputs;
    }
}
