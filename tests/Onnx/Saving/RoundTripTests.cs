using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Compiler.Catalogue;
using Strata.Tests;
using Xunit;

namespace Strata.Onnx.Tests.Saving;

/// <summary>What is saved comes back: the file is imported, the class is compiled, and computes the same.</summary>
public sealed class RoundTripTests
{
    private const double Tolerance = 1e-5;

    /// <summary>So many versions of ONNX are tried.</summary>
    private const int Versions = 3;

    [Theory]
    [InlineData(13, 0)]
    [InlineData(17, 1)]
    [InlineData(21, 2)]
    public void Cases_of_operators_that_are_saved_come_back(int opset, int first)
    {
        List<string> failures = [];
        var back = new Dictionary<int, ImportedNetwork>();
        IReadOnlyList<OperatorCase> cases = CatalogueCases.All;

        // Each in one of the versions, or all of them in each.
        for (int i = AllCases.Run ? 0 : first; i < cases.Count; i += AllCases.Stride(Versions))
        {
            using CompiledNetwork network = SavedModelTests.Case(i);
            using var file = new MemoryStream(SavedNetwork.Save(network, SavedModelTests.Options(i, opset)));
            var options = new OnnxImportOptions { Name = $"Case{i}", Namespace = $"Back{i}" };
            try
            {
                back.Add(i, OnnxFile.Import(file, options));
            }
            catch (Exception exception) when (exception is UnsupportedOnnxException or OnnxFormatException)
            {
                failures.Add($"{cases[i].Stack}: {exception.Message}");
            }
        }

        failures.AddRange(Differences(back, "Case", SavedModelTests.Case, i => cases[i].Stack));
        Assert.True(failures.Count == 0, $"{failures.Count} of {cases.Count}:\n{string.Join('\n', failures)}");
    }

    /// <summary>Compares imported networks with those that were saved.</summary>
    /// <param name="back">By number. The class <c>NAMENUMBER</c> is in the namespace <c>BackNUMBER</c>.</param>
    /// <param name="name">What the classes' names begin with.</param>
    /// <param name="original">The network that was saved.</param>
    /// <param name="describe">What a message says of it.</param>
    /// <returns>A message for each that differs.</returns>
    public static IEnumerable<string> Differences(
        IReadOnlyDictionary<int, ImportedNetwork> back, string name, Func<int, CompiledNetwork> original, Func<int, string> describe)
    {
        Assembly assembly = ClassCompiler.Compile(back.Values.Select(network => network.Source));
        foreach ((int i, ImportedNetwork imported) in back)
        {
            using CompiledNetwork network = original(i);
            using CompiledNetwork again = Instance(assembly.GetType($"Back{i}.{name}{i}")!, imported);
            double error = Difference(network, again);
            if (!(error <= Tolerance))
            {
                yield return $"{describe(i)} differs by {error:E1}:\n{imported.Source}";
            }
        }
    }

    /// <summary>A network of an imported class with its weights.</summary>
    private static CompiledNetwork Instance(Type type, ImportedNetwork imported)
    {
        var network = (CompiledNetwork)Activator.CreateInstance(type, new NetworkOptions { Threads = 1 })!;
        using var weights = new MemoryStream();
        imported.SaveWeights(weights);
        weights.Position = 0;
        network.Load(weights);
        return network;
    }

    /// <summary>The largest difference of an output, relative to the largest number.</summary>
    private static double Difference(CompiledNetwork one, CompiledNetwork other)
    {
        float[] input = [.. ModelBuilder.NoiseValues(one.InputLength, 1).Select(value => 2 * value)];
        float[] first = new float[one.OutputLength], second = new float[other.OutputLength];
        one.Forward(input, first);
        other.Forward(input, second);
        return first.Zip(second, (a, b) => Math.Abs((double)a - b)).Max() / first.Max(MathF.Abs);
    }
}
