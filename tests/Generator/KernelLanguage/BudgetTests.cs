using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Printing;
using Strata.Generator.Tests.Lowering;
using Xunit;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Budgets of kernels: they are true, and within the limits of the JIT.</summary>
public sealed class BudgetTests(ITestOutputHelper log)
{
    /// <summary>Large windows and strides, which tempt to unroll.</summary>
    private static readonly string[] Unrolled =
    [
        "[Input(3, 224, 224), Conv2D(96, 11, Stride = 4), ReLU, Conv2D(64, 7, Stride = 2), Tanh, "
        + "Flatten, Dense(1000), Softmax, CrossEntropy]",
        "[Input(3, 65, 65), Conv2D(7, 5, Stride = 3), MaxPool2D(4, Stride = 1), ReLU, Conv2D(13, 4), GELU, AveragePool2D(4, Stride "
        + "= 1), Flatten, Dense(31), CrossEntropy]",
        "[Input(32, 64, 64), Conv2D(32, 9, Groups = 32, Padding = 4), SiLU, Conv2D(32, 31, Groups = 32, Padding = 15), Conv2D(64, 3, "
        + "Groups = 8, Dilation = 2), MeanSquaredError]",
        "[Input(8, 32, 32), L2Pool2D(5, Stride = 1, Padding = 2), ConvTranspose2D(16, 4, Stride = 2), Upsample2D(4, Mode = "
        + "UpsampleMode.Linear), LocalResponseNorm(5), MeanSquaredError]",
        "[Input(4, 16, 16, 16), Conv3D(16, 5, Padding = 2), ReLU, MaxPool3D(2), Conv3D(32, 3), Mish, ConvTranspose3D(8, 4, Stride = "
        + "2), AveragePool3D(3), MeanSquaredError]",
        "[Input(64, 8000), Conv1D(128, 80, Stride = 16), BatchNorm, ReLU, MaxPool1D(16), GlobalAveragePool1D, Flatten, "
        + "Dense(1), Sigmoid, BinaryCrossEntropy]",
    ];

    public static TheoryData<string> Declarations => [.. Plans.Stacks];

    /// <summary>The estimates are a little too large, since the C# compiler keeps some variables on the evaluation stack.</summary>
    [Theory]
    [MemberData(nameof(Declarations))]
    public void A_budget_is_that_of_the_compiled_method(string stack)
    {
        Type[] types = Compile($"using Strata;\n[Network]\n{stack}\npartial class Net;").GetTypes();
        NetworkGraph graph = Graphs.Of(stack);
        foreach (Tier tier in Tier.All)
        {
            Type kernels = types.Single(type => type.Name == KernelClass.Name && type.DeclaringType!.Name == tier.Name + "Program");
            Assert.Null(kernels.TypeInitializer);
            (long estimated, long compiled) = (0, 0);
            KernelMethods methods = MethodsOf(graph, tier);
            var printed = KernelClass.Print(methods, TestContext.Current.CancellationToken);
            foreach ((KernelMethod kernel, PrintedMethod text) in methods.All.Zip(printed.Methods))
            {
                Budget budget = Budget.Of(kernel.Nest);
                var code = new IntermediateCode(kernels.GetMethod(text.Name)!);
                Assert.Equal(code.CountCalls("FusedMultiplyAdd", "MultiplyAddEstimate"), budget.Written.MultiplyAdds);
                Assert.Equal(code.CountCalls("LoadUnsafe", ShortMethods.Load) + code.Count("ldind", "ldobj"), budget.Written.Loads);
                Assert.Equal(code.CountCalls("StoreUnsafe", ShortMethods.Store) + code.Count("stind", "stobj"), budget.Written.Stores);
                Assert.Equal(code.BasicBlocks, budget.BasicBlocks);
                Assert.InRange(budget.Bytes, 0.9 * code.Bytes, 1.4 * code.Bytes);
                Assert.InRange(budget.Instructions, (0.95 * code.Instructions) - 4, 1.2 * code.Instructions);
                Assert.InRange(budget.Locals, code.Locals - 1, 1.45 * code.Locals);
                Assert.InRange(budget.References, code.References - 4, 1.65 * code.References);
                (estimated, compiled) = (estimated + budget.Bytes, compiled + code.Bytes);
            }

            Assert.InRange(estimated, compiled, 1.12 * compiled);
        }
    }

    [Fact]
    public void The_JIT_optimizes_all_kernels_of_the_zoo_and_of_large_windows()
    {
        var most = new Budget(default, default, 0, 0, 0, 0, 0, 0);
        foreach (NetworkGraph graph in Graphs.AllOf(Graphs.ZooSources()).Values.Concat(Unrolled.Select(Graphs.Of)))
        {
            foreach (KernelMethod kernel in Tier.All.SelectMany(tier => MethodsOf(graph, tier).All))
            {
                Budget budget = Budget.Of(kernel.Nest);
                Assert.True(budget.IsOptimized, $"{kernel.Name} of {graph.Nodes[0].Name}: {budget}");
                most = new(
                    default, default, Math.Max(most.Locals, budget.Locals), Math.Max(most.References, budget.References),
                    Math.Max(most.Instructions, budget.Instructions), Math.Max(most.Bytes, budget.Bytes),
                    Math.Max(most.BasicBlocks, budget.BasicBlocks), Math.Max(most.Temporaries, budget.Temporaries));
            }
        }

        log.WriteLine($"The most of each: {most}");
    }

    /// <summary>
    /// .NET 10 compiles such a kernel of 1,990 with all optimizations, one of 2,010 without (DOTNET_JitDisasmSummary=1 lists it).
    /// </summary>
    [Theory]
    [InlineData(1_990, true)]
    [InlineData(2_010, false)]
    public void A_kernel_that_is_too_long_is_known(int multiplyAdds, bool isOptimized)
    {
        var k = new KernelBuilder(16);
        Variable sum = k.Let("sum", 0), x = k.Let("x", 1);
        for (int i = 0; i < multiplyAdds; i++)
        {
            k.Set(sum, k.MultiplyAdd(x, x, sum));
        }

        Assert.Equal(isOptimized, Budget.Of(k.Nest()).IsOptimized);
    }

    private static KernelMethods MethodsOf(NetworkGraph graph, Tier tier)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        return KernelMethods.Assign(TierPrograms.Lower(graph, tier, cancellationToken), cancellationToken);
    }

    private static Assembly Compile(string source)
    {
        new Harness().Generate(new Harness().Compile(source), out Compilation output);
        using var stream = new MemoryStream();
        EmitResult result = output.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        stream.Position = 0;
        return new AssemblyLoadContext("budget").LoadFromStream(stream);
    }
}
