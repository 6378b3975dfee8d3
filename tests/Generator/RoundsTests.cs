using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Strata.Compiler.Foundation;
using Strata.Tests;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>A cancelled generator ends after a bounded number of rounds of its loops, however large the network is.</summary>
public sealed class RoundsTests(ITestOutputHelper log)
{
    private const int Most = 10_000;

    private static readonly Lazy<(IIncrementalGenerator Generator, DiagnosticAnalyzer Analyzer)> Counted = new(CountedRounds.Load);

    private static readonly (string Name, string Source)[] All =
    [
        ("ResNet-152", TorchvisionKeyTests.ResNet152),
        ("DenseNet by names", Named(string.Concat(Enumerable.Range(1, 40).Select(i =>
            $", Concat({string.Join(", ", Enumerable.Range(0, i).Select(k => $"\"t{k}\""))}), "
            + $"Conv2D(4, 3, Padding = 1, Name = \"t{i}\")")), "t0")),
        ("1,000 operands",
            Network("4, 6, 6", string.Concat(Enumerable.Repeat("Branch, Conv2D(4, 1), ", 1000)) + "Add, Flatten, Dense(3)")),
        ("one tensor 500 times", Named(", Concat(" + string.Join(", ", Enumerable.Repeat("\"t0\"", 500)) + ")", "t0")),
        ("a product of 300", Named(", Multiply(" + string.Join(", ", Enumerable.Repeat("\"t0\"", 300)) + ")", "t0")),
        ("5,000 layers", Network("4", string.Concat(Enumerable.Repeat("ReLU, Tanh, ", 2498)) + "Dense(2)")),
        ("5,000 layers that are wrong",
            Network("4", string.Concat(Enumerable.Repeat("ReLU, Conv2D(3, 0), ", 2498)) + "Dense(2)")),
        ("a block 1,000 times", Network("4, 6, 6", "B(Repeat = 1000), Flatten, Dense(2)")
            + " [Branch, Conv2D(4, 3, Padding = 1), BatchNorm, ReLU] [Branch] [Add] class BAttribute : BlockAttribute { }"),
        ("strange filters", Network("3, 211, 97", "Conv2D(31, 11, Stride = 3, Padding = 5), ReLU, MaxPool2D(3), Conv2D(70, 7, Dilation = 2), "
            + "AdaptiveAveragePool2D(3, 5), Upsample2D(7), Flatten, Dense(1000), ReLU, Dense(77), Softmax")),
    ];

    public static TheoryData<string, string> Networks => new(AllCases.Of(All, 3));

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task Loops_check_the_token_every_10000_rounds(string name, string source)
    {
        (IIncrementalGenerator generator, DiagnosticAnalyzer analyzer) = Counted.Value;
        var harness = new Harness();
        using var source2 = new CancellationTokenSource();
        CSharpCompilation compilation = harness.Compile(source);
        CountedRounds.Begin(Most);
        CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: harness.Parsing, optionsProvider: harness.OptionsProviderOf())
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _, source2.Token);
        Check(name);
        CountedRounds.Begin(Most);
        await output.WithAnalyzers([analyzer], new AnalyzerOptions([], harness.OptionsProviderOf())).GetAnalyzerDiagnosticsAsync(source2.Token);
        Check(name + ", analyzer");
    }

    /// <summary>
    /// What is computed once for all networks may be needed first by one that is cancelled. A type whose initializer had thrown would
    /// be of no use to all behind it.
    /// </summary>
    [Fact]
    public void What_all_networks_share_is_computed_even_if_the_first_one_is_cancelled()
    {
        Assembly[] assemblies = [.. AssemblyLoadContext.GetLoadContext(CountedRounds.Load().Generator.GetType().Assembly)!.Assemblies];
        Assembly assembly = assemblies.Single(one => one.GetType(typeof(Cancellation).FullName!) is not null);
        Action check = assembly.GetType(typeof(Cancellation).FullName!)!.GetMethod(nameof(Cancellation.ThrowIfRequested))!
            .CreateDelegate<Action>();
        object scope = assembly.GetType(typeof(Cancellation).FullName!)!.GetMethod(nameof(Cancellation.Begin))!.Invoke(null, [new CancellationToken(canceled: true)])!;
        using ((IDisposable)scope)
        {
            Assert.Throws<OperationCanceledException>(check);
            List<string> failures = [];
            foreach (Type type in assemblies.SelectMany(one => one.GetTypes()).Where(type => !type.ContainsGenericParameters))
            {
                try
                {
                    RuntimeHelpers.RunClassConstructor(type.TypeHandle);
                    foreach (FieldInfo field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(field => !field.IsLiteral))
                    {
                        object? value = field.GetValue(null);
                        foreach (object lazy in value is IDictionary table ? table.Values.Cast<object>() : value is null ? [] : [value])
                        {
                            if (lazy.GetType().Name == typeof(Lazy<>).Name)
                            {
                                lazy.GetType().GetProperty("Value")!.GetValue(lazy);
                            }
                        }
                    }
                }
                catch (Exception exception)
                {
                    failures.Add($"{type.FullName}: {exception.GetBaseException().Message}");
                }
            }

            Assert.Empty(failures);
        }
    }

    private void Check(string what)
    {
        (int most, IReadOnlyCollection<string> places) = CountedRounds.Result;
        log.WriteLine($"{what}: at most {most:N0} rounds");
        Assert.True(places.Count == 0, $"{what}: {most:N0} rounds without a check\n{string.Join("\n", places.Take(30))}");
    }

    private static string Network(string input, string layers) =>
        $"using Strata; [Network, Input({input}), {layers}, CrossEntropy] public partial class Net;";

    private static string Named(string layers, string first) =>
        $"using Strata; [Network, Input(4, 6, 6), Conv2D(4, 1, Name = \"{first}\"){layers}, Flatten, Dense(3), CrossEntropy] public partial class Net;";
}
