using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Foundation;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;
using static Strata.Compiler.KernelLanguage.Functions;
using Index = Strata.Compiler.KernelLanguage.Index;
using NestParameter = Strata.Compiler.KernelLanguage.Parameter;
using Pointer = Strata.Compiler.KernelLanguage.Pointer;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Printed nests, and nests after each pass, compute what the interpreter computes.</summary>
public sealed class NestTests(ITestOutputHelper log)
{
    /// <summary>Floats in a vector, where it does not matter how many.</summary>
    private const int Lanes = 4;

    /// <summary>Functions of the runtime that nests call for what they do to memory: they are tested by themselves.</summary>
    private static readonly string[] External = ["SampleLanes", "BatchStatistics", "RandomLanes"];

    /// <summary>Small networks with every kind of kernel.</summary>
    private static readonly string[] Stacks =
    [
        "[Input(2, 4, 4), Conv2D(5, 3, Padding = 1), ReLU, MaxPool2D(2), Conv2D(3, 2), Sigmoid, Flatten, Dense(3), Softmax, CrossEntropy]",
        "[Input(4, 3, 3), Conv2D(4, 3, Groups = 4, Padding = 1), BatchNorm, LeakyReLU, AveragePool2D(3, Stride = 2, Padding = "
        + "1), Conv2D(4, 1), GELU, MeanSquaredError]",
        "[Input(2, 3, 3), LayerNorm, Mish, L2Pool2D(2, Stride = 1), LocalResponseNorm(3), Upsample2D(2, Mode = "
        + "UpsampleMode.Linear), PReLU, MeanSquaredError]",
        "[Input(4, 5), Conv1D(3, 3, Padding = 1, PaddingMode = PaddingMode.Reflect), InstanceNorm, "
        + "LogSumExpPool1D(2), LogSoftmax, MeanSquaredError]",
    ];

    private static readonly Dictionary<Tier, Lazy<Nest[]>> Nests = Tier.All.ToDictionary(tier => tier,
        tier => new Lazy<Nest[]>(() => NestsOf(Stacks, tier)));

    [Theory]
    [InlineData("Vector128")]
    [InlineData("Avx2")]
    [InlineData("Avx512")]
    public void Printed_kernels_compute_what_the_interpreter_does_bit_for_bit(string name)
    {
        Tier tier = Tier.All.Single(t => t.Name == name);
        Assert.SkipUnless(CompiledNests.Runs(tier), $"This machine has no vectors of {32 * tier.Lanes} bits.");
        Nest[] nests = Nests[tier].Value;
        log.WriteLine($"{nests.Length} kernels");
        Assert.True(nests.Length > 40);
        var compiled = new CompiledNests(tier, [.. nests.Select(CompiledNests.Alone)]);
        for (int i = 0; i < nests.Length; i++)
        {
            (Array[] interpreted, Array[] computed) = (CompiledNests.Memory(nests[i], tier.Lanes, seed: i),
                CompiledNests.Memory(nests[i], tier.Lanes, seed: i));
            NestInterpreter.Run(nests[i], tier.Lanes, CompiledNests.Arguments(nests[i], interpreted));
            compiled.Run(i, computed);
            CompiledNests.AssertSame(interpreted, computed, nests[i]);
        }
    }

    [Fact]
    public void A_budget_counts_what_is_done()
    {
        Nest[] nests = [.. Nests[Tier.Vector128].Value.Where(HasKnownRounds)];
        Assert.True(nests.Length > 40);
        for (int i = 0; i < nests.Length; i++)
        {
            NestInterpreter.Run(nests[i], Lanes, CompiledNests.Arguments(nests[i], CompiledNests.Memory(nests[i], Lanes, seed: i)),
                out Operations counted);
            Assert.Equal(counted, Budget.Of(nests[i]).Run with { Others = 0 });
        }
    }

    [Fact]
    public void Kernels_that_share_a_method_compute_what_they_did()
    {
        // Of the same form at several extents.
        string[] stacks = [.. new[] { 4, 5, 6 }.Select(size =>
            $"[Input(2, {size}, {size}), Conv2D({size}, 3, Padding = 1), ReLU, MaxPool2D(2), Conv2D(2, 2), BatchNorm, Tanh, "
            + $"Flatten, Dense({size})]")];
        Nest[] nests = NestsOf(stacks, Tier.Vector128);
        SharedNest[] shared = Sharing.Share(nests, TestContext.Current.CancellationToken);
        int served = shared.Count(s => s.Extents.Count > 0);
        log.WriteLine($"{nests.Length} kernels, {shared.Select(s => s.Nest).Distinct().Count()} methods, {served} with extents");
        Assert.True(served > 5);
        for (int i = 0; i < nests.Length; i++)
        {
            (Array[] alone, Array[] together) = (CompiledNests.Memory(nests[i], Lanes, seed: i),
                CompiledNests.Memory(nests[i], Lanes, seed: i));
            NestInterpreter.Run(nests[i], Lanes, CompiledNests.Arguments(nests[i], alone));
            NestInterpreter.Run(shared[i].Nest, Lanes, CompiledNests.Arguments(shared[i], together));
            CompiledNests.AssertSame(alone, together, nests[i]);
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

        SharedNest[] shared = Sharing.Share([Of(2, 40), Of(4, 40), Of(2, 80)], TestContext.Current.CancellationToken);
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
            k.Store(y[i], Expression.Select(value > 0, Sqrt(value), value * 0.5));
        }

        Nest nest = Simple(k.Nest()), narrow = Narrowing.Narrow(nest);
        Assert.DoesNotContain(Everything(narrow.Body), expression => expression.Type.IsWide);
        Array[] memory = CompiledNests.Memory(nest, Lanes, seed: 1), wide = CompiledNests.Memory(nest, Lanes, seed: 1);
        NestInterpreter.Run(narrow, Lanes, CompiledNests.Arguments(narrow, memory));
        NestInterpreter.Run(nest, Lanes, CompiledNests.Arguments(nest, wide));
        Assert.Equal(((float[])wide[1])[CompiledNests.Origin..(CompiledNests.Origin + 10)],
            ((float[])memory[1])[CompiledNests.Origin..(CompiledNests.Origin + 10)]);
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
                    return i < names.Length ? (new IndexVariable(names[i]), values[i])
                        : i == names.Length ? (Number.Named(number, "n"), number) : (number, number);
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
            Nest nest = k.Nest() with
            {
                Parameters = names.Select(name => (NestParameter)new ValueParameter(name, ElementType.Int))
                .ToEquatableArray()
            };
            Assert.Equal(unchecked((int)expected), NestInterpreter.Run(nest, Lanes, [.. values.Select(value => (object)value)]));
            Assert.Equal(unchecked((int)expected),
                NestInterpreter.Run(Sharing.Resolve(nest), Lanes, [.. values.Select(value => (object)value)]));
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
        Array[] memory = CompiledNests.Memory(k.Nest(), Lanes, seed: terms);
        NestInterpreter.Run(k.Nest(), Lanes, CompiledNests.Arguments(k.Nest(), memory));
        Assert.Equal(5f * terms, ((float[])memory[1])[CompiledNests.Origin]);
    }

    private static Nest[] NestsOf(IEnumerable<string> stacks, Tier tier) =>
    [
        .. stacks.SelectMany(stack => Lowering.Plans.StepsOf(TierPrograms.Lower(Graphs.Of(stack), tier, CancellationToken.None)))
            .Select(Lowering.Plans.NestOf).Where(IsPure).Distinct(),
    ];

    /// <summary>The same, which has no reason to be anything else.</summary>
    private static Nest Simple(Nest nest) => Sharing.Resolve(nest);

    internal static bool IsPure(Nest nest) =>
        nest.Result == ElementType.None
        && nest.Parameters.All(p => p is PointerParameter || p is ValueParameter { Type.Kind: ElementKind.Int })
        && !Everything(nest.Body).OfType<Call>()
            .Any(call => call.Function is RuntimeMember member && External.Contains(member.Owner.Name));

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
}
