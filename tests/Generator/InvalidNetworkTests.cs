using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// A network with a mistake. The rest of the program compiles, and whoever creates the network gets an exception that names the rule.
/// </summary>
public sealed class InvalidNetworkTests
{
    private const string Usage = """

        internal static class Program
        {
            public static void Run()
            {
                using var net = new Net(new NetworkOptions { Threads = 1 });
                using var seeded = new Net(1);
                System.Span<float> output = stackalloc float[10];
                net.Forward(new float[Net.InputLength], output);
                net.Save("weights.safetensors");
                _ = net.Conv1.Weight.Shape.Count + net.Dense1.Bias.Length + Net.InputShape.Length;
                using ClassificationTrainer trainer = net.CreateTrainer(64, new Sgd(0.1));
            }
        }
        """;

    private const string Broken = """
        using Strata;
        using Strata.Training;

        [Network]
        [Input(1, 8, 8)]
        [Conv2D(6, 5), ReLU, MaxPool2D(5)]
        [Flatten, Dense(10), Softmax]
        [CrossEntropy]
        internal partial class Net;
        """;

    private const string BadBranches = """
        using Strata;
        using Strata.Training;

        [Network]
        [Input(1, 8, 8)]
        [Branch, Conv2D(6, 5), ReLU]
        [Branch]
        [Add, Flatten, Dense(10), Softmax]
        [CrossEntropy]
        internal partial class Net;
        """;

    [Theory]
    [InlineData(Broken)]
    [InlineData(BadBranches)]
    public void The_rest_of_the_program_compiles(string declaration)
    {
        var harness = new Harness();
        harness.Generate(harness.Compile(declaration + Usage), out Compilation output);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public void Every_constructor_throws_the_rule()
    {
        var harness = new Harness();
        harness.Generate(harness.Compile(Broken + Usage), out Compilation output);
        using var image = new MemoryStream();
        Assert.True(output.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        Type type = Assembly.Load(image.ToArray()).GetType("Net")!;
        ImmutableArray<object?[]> arguments = [[], [1UL], [new NetworkOptions()]];
        foreach (object?[] list in arguments)
        {
            var thrown = Assert.Throws<TargetInvocationException>(() => Activator.CreateInstance(type, list));
            Assert.Equal(
                "STRATA030: MaxPool2D 'pool1': height ⌊(4 + 2·0 − 5)/5⌋ + 1 = 0 is less than 1; input is 6×4×4. Reduce the kernel.",
                Assert.IsType<InvalidOperationException>(thrown.InnerException).Message);
        }
    }
}
