using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Strata.Generator.Foundation;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;
using Strata.Generator.Printing;
using Xunit;
using Index = Strata.Generator.KernelLanguage.Index;
using NestParameter = Strata.Generator.KernelLanguage.Parameter;
using Pointer = Strata.Generator.KernelLanguage.Pointer;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Nests: what is printed of them, and what passes make of them, computes what they say.</summary>
public sealed class NestTests(ITestOutputHelper log)
{
    /// <summary>Floats of each operand, and where it begins in them.</summary>
    private const int Length = 8_000, Origin = 1_000;

    /// <summary>Functions of the runtime that nests call for what they do to memory: they are tested by themselves.</summary>
    private static readonly string[] External = ["SampleLanes.", "BatchStatistics.", "RandomLanes."];

    /// <summary>Small networks with every kind of kernel.</summary>
    private static readonly string[] Stacks =
    [
        "[Input(2, 4, 4), Conv2D(5, 3, Padding = 1), ReLU, MaxPool2D(2), Conv2D(3, 2), Sigmoid, Flatten, Dense(3), Softmax, CrossEntropy]",
        "[Input(4, 3, 3), Conv2D(4, 3, Groups = 4, Padding = 1), BatchNorm, LeakyReLU, AveragePool2D(3, Stride = 2, Padding = 1), Conv2D(4, 1), GELU, MeanSquaredError]",
        "[Input(2, 3, 3), LayerNorm, Mish, L2Pool2D(2, Stride = 1), LocalResponseNorm(3), Upsample2D(2, Mode = UpsampleMode.Linear), PReLU, MeanSquaredError]",
        "[Input(4, 5), Conv1D(3, 3, Padding = 1, PaddingMode = PaddingMode.Reflect), InstanceNorm, LogSumExpPool1D(2), LogSoftmax, MeanSquaredError]",
    ];

    private static readonly Lazy<Nest[]> Nests = new(() =>
    [
        .. Stacks.SelectMany(stack => Lowering.Plans.StepsOf(TierPrograms.Lower(Graphs.Of(stack), Tier.Vector128, CancellationToken.None)))
            .Select(Lowering.Plans.NestOf).Where(IsPure).Distinct(),
    ]);

    [Fact]
    public void Printed_kernels_compute_what_the_interpreter_does_bit_for_bit()
    {
        Nest[] nests = [.. Nests.Value];
        log.WriteLine($"{nests.Length} kernels");
        Assert.True(nests.Length > 40);
        MethodInfo[] methods = Compile(nests);
        for (int i = 0; i < nests.Length; i++)
        {
            (Array[] interpreted, Array[] compiled) = (Memory(nests[i], seed: i), Memory(nests[i], seed: i));
            NestInterpreter.Run(nests[i], Arguments(nests[i], interpreted));
            methods[i].Invoke(null, [compiled]);
            AssertSame(interpreted, compiled, nests[i]);
        }
    }

    [Fact]
    public void A_budget_counts_what_is_done()
    {
        Nest[] nests = [.. Nests.Value.Where(HasKnownRounds)];
        Assert.True(nests.Length > 40);
        for (int i = 0; i < nests.Length; i++)
        {
            NestInterpreter.Run(nests[i], Arguments(nests[i], Memory(nests[i], seed: i)), out Operations counted);
            Assert.Equal(counted, Budget.Of(nests[i]).Run with { Others = 0 });
        }
    }

    [Fact]
    public void Kernels_that_share_a_method_compute_what_they_did()
    {
        // Of the same form at several extents.
        string[] stacks = [.. new[] { 4, 5, 6 }.Select(size =>
            $"[Input(2, {size}, {size}), Conv2D({size}, 3, Padding = 1), ReLU, MaxPool2D(2), Conv2D(2, 2), BatchNorm, Tanh, Flatten, Dense({size})]")];
        Nest[] nests =
        [
            .. stacks.SelectMany(stack => Lowering.Plans.StepsOf(TierPrograms.Lower(Graphs.Of(stack), Tier.Vector128, CancellationToken.None)))
                .Select(Lowering.Plans.NestOf).Where(IsPure).Distinct(),
        ];
        SharedNest[] shared = Sharing.Of(nests, TestContext.Current.CancellationToken);
        int served = shared.Count(s => s.Extents.Count > 0);
        log.WriteLine($"{nests.Length} kernels, {shared.Select(s => s.Nest).Distinct().Count()} methods, {served} with extents");
        Assert.True(served > 5);
        for (int i = 0; i < nests.Length; i++)
        {
            (Array[] alone, Array[] together) = (Memory(nests[i], seed: i), Memory(nests[i], seed: i));
            NestInterpreter.Run(nests[i], Arguments(nests[i], alone));
            NestInterpreter.Run(shared[i].Nest, [.. Arguments(nests[i], together), .. shared[i].Extents.Select(extent => (object)extent)]);
            AssertSame(alone, together, nests[i]);
            Assert.InRange(shared[i].Extents.Count, 0, 16);
        }
    }

    [Fact]
    public void Numbers_without_a_name_are_never_shared()
    {
        static Nest Of(int divisor, int stride)
        {
            var k = new KernelBuilder(4);
            Pointer x = k.Parameter("x");
            using (k.For("i", 8, out IndexVariable i))
            {
                k.Store(x[Index.Sum((i, stride)) + (i / divisor)], 1);
            }

            return k.Nest();
        }

        SharedNest[] shared = Sharing.Of([Of(2, 40), Of(4, 40), Of(2, 80)], TestContext.Current.CancellationToken);
        Assert.NotEqual(shared[0].Nest, shared[1].Nest);
        Assert.Equal(shared[0].Nest, shared[2].Nest);
        Assert.Equal([40], shared[0].Extents);
        Assert.Equal([80], shared[2].Extents);
        Assert.Empty(shared[1].Extents);
    }

    [Fact]
    public void Narrowed_kernels_compute_what_a_lane_does()
    {
        var k = new KernelBuilder(4);
        Pointer x = k.Parameter("x"), y = k.Parameter("y");
        using (k.For("i", 10, out IndexVariable i))
        {
            Variable value = k.Let("value", (x[i].Vector * 3) + x[i + 1].Broadcast);
            k.Store(y[i], Expression.Select(value > 0, Functions.Sqrt(value), value * 0.5));
        }

        Nest nest = Simple(k.Nest()), narrow = Narrowing.Of(nest);
        Assert.DoesNotContain(Everything(narrow.Body), expression => expression.Type.IsWide);
        Array[] memory = Memory(nest, seed: 1), wide = Memory(nest, seed: 1);
        NestInterpreter.Run(narrow, Arguments(narrow, memory));
        NestInterpreter.Run(nest, Arguments(nest, wide));
        Assert.Equal(((float[])wide[1])[Origin..(Origin + 10)], ((float[])memory[1])[Origin..(Origin + 10)]);
    }

    [Fact]
    public void Arithmetic_of_integers_folds_to_the_same_number()
    {
        string[] names = ["a", "b", "c"];
        for (int seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            int[] values = [.. names.Select(_ => random.Next(20))];
            (Index Index, long Value) Next(int depth)
            {
                if (depth == 0)
                {
                    int i = random.Next(2 * names.Length), number = random.Next(-2, 5);
                    return i < names.Length ? (new IndexVariable(names[i]), values[i]) : i == names.Length ? (Number.Named(number, "n"), number) : (number, number);
                }

                ((Index left, long a), (Index right, long b)) = (Next(depth - 1), Next(random.Next(depth)));
                return random.Next(5) switch
                {
                    0 or 1 => (left + right, a + b),
                    2 => (left - right, a - b),
                    3 => (left * right, a * b),
                    _ => (left / 3, a / 3),
                };
            }

            (Index index, long expected) = Next(4);
            var k = new KernelBuilder(4);
            k.Return(index);
            Nest nest = k.Nest() with { Parameters = names.Select(name => (NestParameter)new ValueParameter(name, ElementType.Int)).ToEquatableArray() };
            Assert.Equal(unchecked((int)expected), NestInterpreter.Run(nest, [.. values.Select(value => (object)value)]));
            Assert.Equal(unchecked((int)expected), NestInterpreter.Run(nest, [.. values.Select(value => (object)value)]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void A_long_sum_has_each_term_once(int terms)
    {
        var k = new KernelBuilder(4);
        Pointer x = k.Parameter("x"), y = k.Parameter("y");
        SumLoop outer = new("i", 5), inner = new("j", terms);
        Variable sum = new BlockedSum([outer, inner], "sum").Record(k, sums => k.Increase(sums[0], 1))[0];
        k.Store(y[0], sum);
        k.Store(y[4], x[0].Vector);
        Array[] memory = Memory(k.Nest(), seed: terms);
        NestInterpreter.Run(k.Nest(), Arguments(k.Nest(), memory));
        Assert.Equal(5f * terms, ((float[])memory[1])[Origin]);
    }

    /// <summary>The same, which has no reason to be anything else.</summary>
    private static Nest Simple(Nest nest) => Sharing.Resolve(nest);

    internal static bool IsPure(Nest nest) => nest.Result == ElementType.None && nest.Parameters.All(p => p is PointerParameter || p is ValueParameter { Type.Scalar: ScalarType.Int })
        && !Everything(nest.Body).OfType<Call>().Any(call => External.Any(name => call.Function.Name.StartsWith(name, StringComparison.Ordinal)));

    /// <summary>Whether it does the same however its operands are, with loops between numbers only.</summary>
    private static bool HasKnownRounds(Nest nest) => Statements(nest.Body).OfType<For>().All(loop => loop is { First: Number, End: Number })
        && !Everything(nest.Body).Any(expression => expression is IndexChoice or Select { Mask.Type.IsWide: false });

    private static IEnumerable<Statement> Statements(Statement statement) => (statement switch
    {
        Block block => block.Statements.SelectMany(Statements),
        Group group => group.Statements.SelectMany(Statements),
        For loop => Statements(loop.Body),
        _ => [],
    }).Prepend(statement);

    private static IEnumerable<Expression> Everything(Statement statement) => statement switch
    {
        Block block => block.Statements.SelectMany(Everything),
        Group group => group.Statements.SelectMany(Everything),
        For loop => Everything(loop.Body),
        Declare declare => declare.Bindings.Where(b => b.Value is not null).SelectMany(b => b.Value!.All),
        Assign assign => assign.Value.All,
        Store store => store.Value.All,
        Evaluate evaluate => evaluate.Call.All,
        Return result => result.Value.All,
        _ => [],
    };

    internal static Array[] Memory(Nest nest, int seed, int length = Length)
    {
        var random = new Random(seed);
        return [.. nest.Parameters.OfType<PointerParameter>().Select(p => p.Pointer.Element switch
        {
            { Scalar: ScalarType.Bits } => Enumerable.Range(0, length).Select(_ => (byte)random.Next(16)).ToArray(),
            { Scalar: ScalarType.Int } => (Array)new int[length],
            _ => Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1).ToArray(),
        })];
    }

    /// <summary>Of extents that a kernel is handed, small ones that fit together.</summary>
    private static int ValueOf(NestParameter parameter) => parameter.Name switch
    {
        "samples" => 3,
        "panelWidth" => 8,
        "length" => 100,
        _ => 8,
    };

    internal static object[] Arguments(Nest nest, Array[] memory)
    {
        int next = 0;
        return [.. nest.Parameters.Select(p => p is PointerParameter ? (object)(memory[next++], Origin) : ValueOf(p))];
    }

    internal static void AssertSame(Array[] expected, Array[] actual, Nest nest)
    {
        for (int operand = 0; operand < expected.Length; operand++)
        {
            if (expected[operand] is not float[] floats)
            {
                Assert.Equal(expected[operand], actual[operand]);
                continue;
            }

            var computed = (float[])actual[operand];
            for (int i = 0; i < floats.Length; i++)
            {
                // Which of several NaNs it is, no rule says.
                bool isSame = BitConverter.SingleToInt32Bits(floats[i]) == BitConverter.SingleToInt32Bits(computed[i]) || (float.IsNaN(floats[i]) && float.IsNaN(computed[i]));
                Assert.True(isSame, isSame ? "" : $"{operand}[{i - Origin}] is {computed[i]} instead of {floats[i]} in\n{NestPrinter.Print(nest, 0).Body}");
            }
        }
    }

    /// <summary>A method for each nest that is handed the memory of all operands.</summary>
    private static MethodInfo[] Compile(Nest[] nests)
    {
        var text = new StringBuilder("""
            using System; using System.Runtime.CompilerServices; using System.Runtime.InteropServices; using System.Runtime.Intrinsics; using Strata.CompilerServices;
            using Simd = System.Runtime.Intrinsics.Vector128;
            using Vector = System.Runtime.Intrinsics.Vector128<float>;
            using LongSum = Strata.CompilerServices.BlockSum128;
            using Bits = System.Byte;

            """);
        for (int i = 0; i < nests.Length; i++)
        {
            (string body, IReadOnlyList<string> helpers) = NestPrinter.Print(nests[i], depth: 0);
            int next = 0;
            IEnumerable<string> arguments = nests[i].Parameters.Select(p => p is PointerParameter { Pointer: var pointer }
                ? $"ref (({ExpressionPrinter.TypeOf(pointer.Element)}[])memory[{next++}])[{Origin}]" : $"{ValueOf(p)}");
            text.Append($"public static class K{i} {{ static void Kernel({NestPrinter.Parameters(nests[i])}) {{ unchecked {{\n{body}}} }}\n{string.Concat(helpers)}\n");
            text.Append($"public static void Run(Array[] memory) => Kernel({string.Join(", ", arguments)}); }}\n");
        }

        CSharpCompilation compilation = new Harness().Compile(text.ToString())
            .WithOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var stream = new MemoryStream();
        EmitResult result = compilation.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)));
        stream.Position = 0;
        Assembly assembly = new AssemblyLoadContext("nests").LoadFromStream(stream);
        return [.. nests.Select((_, i) => assembly.GetType($"K{i}")!.GetMethod("Run")!)];
    }
}
