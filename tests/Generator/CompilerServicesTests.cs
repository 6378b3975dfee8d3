using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// The public members of <c>Strata.CompilerServices</c>. Generated code needs each of them, and editors hide all of them.
/// </summary>
public sealed partial class CompilerServicesTests
{
    private static readonly string[] Stacks =
    [
        .. KernelNameTests.Stacks,

        "[Network, Input(4, Name = \"left\"), Dense(3), Input(2, Name = \"right\"), Dense(3), "
        + "Add(\"dense1\", \"dense2\"), MeanSquaredError]",

        "[Network(TrainingLayout = TrainingLayout.Blocked), Input(16, 8, 8), Conv2D(16, 3), BatchNorm, Dropout, Conv2D(16, "
        + "3), Flatten, Dense(2), MeanSquaredError]",

        "[Network(WeightStorage = WeightStorage.BFloat16), Input(6), Dense(6), ReLU, Dense(4), MeanSquaredError]",

        // Products of integers.
        "[Network(Int8 = true), Input(256, 14, 14), FakeQuantize, Conv2D(256, 3, Padding = 1, Stride = 2), Flatten, FakeQuantize, "
        + "Dense(2), MeanSquaredError]",

        // Elements in order, from both ends.
        "[Network, Input(8), TopK(4), TopK(2, Largest = false)]",

        "[Network(Profile = true), Input(4), Dense(2), MeanSquaredError]",

        // A block, which is declared to other assemblies.
        "[Dense(2)] class HeadAttribute : BlockAttribute; [Network, Input(4), Head]",

        // An operator, which is declared, too.
        "class OwnAttribute : ElementwiseAttribute { public static float Value(float x) => x * x; } [Network, Input(4), Dense(2)]",

        // Weights that leave the caches: of dense layers, and of convolutions.
        "[Network, Input(1024), Dense(1024), MeanSquaredError]",
        "[Network, Input(512, 7, 7), Conv2D(512, 3, Padding = 1), MeanSquaredError]",

        // Sums that are blocked: in lanes, and of single floats.
        "[Network, Input(1, 1000, 1000), Conv2D(1, 1), MeanSquaredError]",
        "[Network, Input(2, 1000, 1000), GlobalAveragePool2D, Flatten, Dense(2), MeanSquaredError]",
        "[Network, Input(2, 8), PReLU(PerChannel = false), GELU(Approximate = true), Softplus(Beta = 2), Flatten, Dense(5), Output(\"a\")]"
            + "[Dense(4), Softmax, Output(\"b\"), CrossEntropy]",
    ];

    private static readonly Type[] Services =
    [
        .. typeof(NetworkProgram).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(NetworkProgram).Namespace),
    ];

    [Fact]
    public void Generated_code_needs_every_service()
    {
        var apart = new Harness { Properties = ImmutableDictionary<string, string>.Empty.Add("StrataKernelIndex", "Kernels_App") };
        string text = string.Concat(Stacks
            .SelectMany(stack => new Harness().Generate($"using Strata;\n{stack}\npartial class Net;").GeneratedTrees)
            .Concat(apart.Generate("using Strata;\n[Network, Input(4), Dense(2)] partial class Net;").GeneratedTrees)
            .Select(tree => tree.ToString()));
        HashSet<string> words = [.. Words().Matches(text).Select(word => word.Value)];
        IEnumerable<string> names = Services.Select(NameInCode).Concat(Services
            .Where(type => type is { IsAbstract: true, IsSealed: true })
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => $"{type.Name}.{method.Name}"))
            .Distinct());

        // What only operators of one's own use.
        Assert.Equal(
            ["VectorMath.Log1p"],
            names.Where(name => !words.Contains(name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])).Order(StringComparer.Ordinal));
    }

    private static string NameInCode(Type type) => typeof(Attribute).IsAssignableFrom(type)
        ? type.Name[..^nameof(Attribute).Length] : type.Name.Split('`')[0];

    [Fact]
    public void Editors_offer_no_service() =>
        Assert.All(Services, type => Assert.Equal(EditorBrowsableState.Never, type.GetCustomAttribute<EditorBrowsableAttribute>()?.State));

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
