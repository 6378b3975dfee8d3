using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Foundation;
using Strata.Compiler.KernelLanguage;
using Strata.Generator.Printing;
using Xunit;
using static Strata.Compiler.KernelLanguage.Functions;
using Index = Strata.Compiler.KernelLanguage.Index;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>
/// Expressions of thousands of operands, in every shape. The work of each pass grows with their size, not with its square, and fits any
/// thread's stack. Work is counted in allocated bytes, which do not depend on the machine.
/// </summary>
public sealed class LargeTreeTests
{
    private const int Operands = 5_000;

    private static readonly Variable X = new("x"), Y = new("y");

    private static readonly Function Many =
        new("Many", FunctionClass.Mathematical, call => [.. call.Arguments.Select(_ => (Expression)1)]) { Vectors = int.MaxValue };

    private static readonly Dictionary<string, Func<int, Expression>> Trees = new()
    {
        ["x + y + x + …"] = n => Terms(n).Aggregate((sum, term) => sum + term),
        ["x + (y + (x + …))"] = n => Terms(n).Aggregate((sum, term) => term + sum),
        ["x · y · x · …"] = n => Terms(n).Aggregate((product, factor) => product * factor),
        ["1 / (1 / (1 / …))"] = n => Terms(n).Aggregate((quotient, term) => 1 / quotient),
        ["f(f(f(…)))"] = n => Terms(n).Aggregate((value, _) => Exp(value)),
        ["−(−(−(…)))"] = n => Terms(n).Aggregate((value, _) => new Unary(UnaryOperator.Negate, value)),
        ["max(x, max(y, …))"] = n => Terms(n).Aggregate((most, term) => Max(term, most)),
        ["x > y ? x : (x > y ? y : …)"] = n => Terms(n).Aggregate((otherwise, term) => Expression.Select(X > Y, term, otherwise)),
        ["f(x, y, x, …)"] = n => new Call(Many, [.. Terms(n)]),
        ["(x + y) + (x + y)"] = n => Balanced([.. Terms(n)]),
    };

    private static readonly Dictionary<string, Action<Expression>> Passes = new()
    {
        ["type, size and hash"] = tree =>
            Assert.Equal(tree.GetHashCode() ^ tree.Size ^ tree.Type.GetHashCode(),
                tree.GetHashCode() ^ tree.Size ^ ElementType.Vector.GetHashCode()),
        ["all parts"] = tree => Assert.Equal(tree.Size, tree.All.Count()),
        ["parts in order"] = tree => Assert.Same(tree, tree.InOrder()[^1]),
        ["reads"] = tree => Assert.False(tree.Reads(new Variable("z"))),
        ["equality"] = tree =>
        {
            Expression copy = tree.Replace(X, new Variable("x"));
            Assert.NotSame(tree, copy);
            Assert.True(tree == copy);
            Assert.False(tree == tree.Replace(X, new Variable("z")));
        },
        ["text for people"] = tree => Assert.InRange(tree.ToString().Length, 1, 100),
        ["derivative"] = tree => Assert.NotNull(Differentiation.Gradient(tree, X, Y)),
        ["formula"] = tree => Assert.NotNull(Formula.Apply("Formula", tree, (X, new Variable("a")), (Y, new Variable("b")))),
        ["derivative as a formula"] = tree =>
            Assert.NotNull(Formula.Apply("Formula", Differentiation.Gradient(tree, X, Y), (X, new Variable("a")), (Y, new Variable("b")))),
        ["narrowing"] = tree => Assert.NotEqual(NestOf(tree), Narrowing.Narrow(NestOf(tree))),
        ["sharing"] = tree =>
        {
            SharedNest[] shared = Sharing.Share([NestOf(tree + Place(2).Vector), NestOf(tree + Place(3).Vector)], CancellationToken.None);
            Assert.Same(shared[0].Nest, shared[1].Nest);
            Assert.NotNull(Sharing.Resolve(NestOf(tree)));
        },
        ["equality of kernels"] = tree => Assert.Equal(NestOf(tree), NestOf(tree.Replace(X, new Variable("x")))),
        ["printing"] = tree => Assert.NotEmpty(new ExpressionPrinter().Print(tree)),
        ["printing of kernels"] = tree => Assert.NotEmpty(NestPrinter.Print(NestOf(tree), 1).Body),
    };

    public static TheoryData<string, string> EachPassOfEachTree =>
        new(Passes.Keys.SelectMany(pass => Trees.Keys.Select(tree => (pass, tree))));

    [Theory]
    [MemberData(nameof(EachPassOfEachTree))]
    public void Each_pass_takes_a_tree_of_5000_operands_on_a_small_stack(string pass, string tree) =>
        OnThread(256 << 10, () => Passes[pass](Trees[tree](Operands)));

    [Theory]
    [MemberData(nameof(EachPassOfEachTree))]
    public void Each_pass_allocates_in_proportion_to_the_tree(string pass, string tree)
    {
        long Bytes(int operands)
        {
            Expression expression = Trees[tree](operands);
            long bytes = 0;
            OnThread(256 << 20, () =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Passes[pass](expression);
                bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            });
            return bytes;
        }

        // The first call compiles, and fills what is kept.
        _ = Bytes(500);
        long of = Bytes(Operands / 2), ofTwice = Bytes(Operands);
        Assert.True(ofTwice <= (2.6 * of) + 20_000, $"{of} bytes for {Operands / 2} operands, {ofTwice} for {Operands}");
    }

    [Fact]
    public void What_a_formula_shares_is_no_more_work_for_being_used_often()
    {
        Expression square = X;
        for (int i = 0; i < 200; i++)
        {
            square = square * square;
        }

        var call = Assert.IsType<Call>(Formula.Apply("Power", square, (X, Y)));
        Assert.Equal(200, ((DefinedFunction)call.Function).Nest.Body.Statements.Count);
        Expression gradient = Differentiation.Gradient(square, X, Y);
        Assert.IsType<Call>(Formula.Apply("PowerGradient", gradient, (X, X), (Y, Y)));
    }

    [Fact]
    public void An_exception_of_a_deep_recursion_is_that_of_its_cause()
    {
        int Fail(int depth) => depth == 0 ? throw new NotSupportedException("at the end") : DeepRecursion.Call(Fail, depth - 1);
        OnThread(256 << 10, () => Assert.Equal("at the end", Assert.Throws<NotSupportedException>(() => Fail(100_000)).Message));
    }

    [Fact]
    public void Sums_of_indices_are_chains_whatever_their_brackets()
    {
        Index[] terms = [.. Enumerable.Range(0, Operands).Select(i => (Index)new IndexVariable($"i{i}"))];
        Index chain = terms.Aggregate((sum, term) => sum + term);
        OnThread(256 << 10, () => Assert.True(terms[0] + terms.Skip(1).Aggregate((sum, term) => sum + term) == chain));
    }

    private static IEnumerable<Expression> Terms(int count) => Enumerable.Range(0, count).Select(i => (Expression)(i % 2 == 0 ? X : Y));

    private static Expression Balanced(Expression[] terms) => terms.Length == 1
        ? terms[0] : Balanced(terms[..(terms.Length / 2)]) + Balanced(terms[(terms.Length / 2)..]);

    private static Reference Place(int offset) => new Pointer("p")[Number.Named(offset, "offset")];

    private static Nest NestOf(Expression tree)
    {
        var k = new KernelBuilder(8);
        k.Parameter("p");
        k.VectorParameter(X.Name);
        k.VectorParameter(Y.Name);
        k.Store(Place(4), tree);
        return k.Nest();
    }

    private static void OnThread(int stack, Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    thrown = exception;
                }
            },
            stack);
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }
}
