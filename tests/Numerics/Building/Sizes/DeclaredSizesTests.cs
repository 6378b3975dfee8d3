using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>Classes that declare several sizes: at each, the bits of the class that is declared with it.</summary>
public sealed class DeclaredSizesTests
{
    /// <summary>A class with sizes.</summary>
    /// <param name="Options">The arguments of [Network], in parentheses.</param>
    /// <param name="Input">The arguments of the input, with <c>{0}</c>, <c>{1}</c>, … for the extents.</param>
    /// <param name="Declared">The extents that the class is declared with.</param>
    /// <param name="Sizes">The arguments of [Sizes].</param>
    /// <param name="Layers">The attributes behind it.</param>
    /// <param name="Others">The other sizes.</param>
    private sealed record Case(string Options, string Input, int[] Declared, string Sizes, string Layers, params int[][] Others)
    {
        private string InputAt(int[] size) => $"Input({string.Format(null, Input, [.. size.Select(extent => (object)extent)])})";

        /// <summary>The class with its sizes, and a class for each size.</summary>
        public string[] Classes(string name) =>
        [
            Class(name, Declared, $"Sizes({Sizes}), "), .. Others.Prepend(Declared).Select(size => Class(NameAt(name, size), size, "")),
        ];

        public static string NameAt(string name, int[] size) => $"{name}_{string.Join('x', size)}";

        private string Class(string name, int[] size, string sizes) =>
            $"[Network{Options}, {InputAt(size)}, {sizes}{Layers}]\npublic partial class {name};\n";
    }

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["Classifier"] = new(
            "", "3, {0}, {1}", [16, 24], "Height = new[] { 16, 8 }, WidthRange = new[] { 8, 40, 16 }",
            "Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, MaxPool2D(2), Conv2D(20, 3, Padding = 1), ReLU, "
            + "GlobalAveragePool2D, Flatten, Dense(5), Softmax, CrossEntropy",
            [16, 8], [16, 40], [8, 8], [8, 24], [8, 40]),
    };

    private static readonly Lazy<CompiledNetworks> Classes = new(() =>
        NetworkCompiler.CompileClasses([.. Cases.SelectMany(one => one.Value.Classes(one.Key))], "DeclaredSizes"));

    public static TheoryData<string, Isa> Networks =>
        [.. Cases.Keys.SelectMany(name => Tiers.Supported, (name, isa) => (name, isa))];

    private static CompiledNetwork Create(string name, NetworkOptions options) => Classes.Value[name].Create(options);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Each_size_has_the_bits_of_the_class_that_is_declared_with_it(string name, Isa isa)
    {
        var options = new NetworkOptions { Isa = isa, Threads = 2, Seed = 5 };
        using CompiledNetwork net = Create(name, options);
        foreach (int[] size in Cases[name].Others.Prepend(Cases[name].Declared))
        {
            CompiledNetwork sized = net.At(size);
            using CompiledNetwork declared = Create(Case.NameAt(name, size), options);
            declared.CopyParametersFrom(net);
            Assert.Equal(SizedNetworks.Outputs(declared, 1), SizedNetworks.Outputs(sized, 1));
            Assert.Equal(SizedNetworks.Outputs(declared, 19), SizedNetworks.Outputs(sized, 19));
            Assert.Equal(declared.Info.InputShape, sized.Info.InputShape);
            Assert.Equal(declared.Summary().Replace(declared.Info.Name, name, StringComparison.Ordinal), sized.Summary());
        }
    }
}
