using System;
using System.Collections.Generic;
using Strata.Compiler.Foundation;
using Strata.Compiler.KernelLanguage;
using Strata.Generator.Printing;
using Xunit;
using static Strata.Compiler.KernelLanguage.Functions;
using Index = Strata.Compiler.KernelLanguage.Index;
using Pointer = Strata.Compiler.KernelLanguage.Pointer;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Loops with a mistake of each kind are refused, and the same loops without it are not.</summary>
public sealed class NestVerifierTests
{
    private static readonly Variable V = new("v"), F = new("f", ElementType.Float);
    private static readonly IndexVariable I = new("i");

    /// <summary>Memory of eight floats.</summary>
    private static readonly Pointer Own = new("own");

    /// <summary>A mistake, and what the message says.</summary>
    private static readonly Dictionary<string, (string Message, Action<KernelBuilder, Pointer> Record)> Broken = new()
    {
        ["a vector plus a float"] = ("Add cannot have operands of types Float32 vector, Float32",
            (k, x) => k.Let("v", x[0].Vector + x[0].Value)),
        ["a choice between a vector and a float"] = ("Select cannot have operands",
            (k, x) => k.Let("v", Expression.Select(x[0].Vector > x[8].Vector, x[0].Vector, x[0].Value))),
        ["a number as a mask"] = ("Select cannot have operands",
            (k, x) => k.Let("v", Expression.Select(x[0].Vector, x[0].Vector, x[8].Vector))),
        ["a function of floats and vectors"] = ("Max cannot have operands",
            (k, x) => k.Let("v", Max(x[0].Vector, x[0].Value))),
        ["a vector in every lane"] = ("Broadcast cannot have operands of types Float32 vector",
            (k, x) => k.Let("v", new Broadcast(x[0].Vector))),
        ["an integer out of floats"] = ("IndexLoad cannot have operands",
            (k, x) => k.LetInt("n", new IndexLoad(x[0]))),
        ["a float for a vector"] = ("the value of 'v' is Float32 instead of Float32 vector",
            (k, x) => k.Add(new Declare(EquatableArray.Of(new Binding(V, x[0].Value))))),
        ["a vector for a float, later"] = ("what is assigned is Float32 vector instead of Float32",
            (k, x) =>
            {
                k.Let("f", x[0].Value);
                k.Set(F, x[0].Vector);
            }
        ),
        ["a double stored among floats"] = ("a value of type Float64 is stored there",
            (k, x) => k.Store(x[0], Constant.Double(1))),
        ["a pointer of another type"] = ("'p' points to Int32, 'x' to Float32",
            (k, x) => k.Add(new Point(
                EquatableArray.Of(new PointerBinding(new Pointer("p", ElementType.Int), x[0])), Declares: true))),
        ["a variable that nobody declared"] = ("'v' is not declared here", (k, x) => k.Store(x[0], V)),
        ["a pointer that nobody declared"] = ("'z' is not declared here", (k, x) => k.Store(x[0], new Pointer("z")[0].Vector)),
        ["a variable of another type"] = ("'v' is of type Float32, but was declared as of type Float32 vector",
            (k, x) =>
            {
                k.Let("v", x[0].Vector);
                k.Store(x[0], new Variable("v", ElementType.Float));
            }
        ),
        ["a variable of a loop that has ended"] = ("'i' is not declared here",
            (k, x) =>
            {
                using (k.For("i", 8, out _))
                {
                    k.Store(x[I], x[0].Value);
                }

                k.Store(x[I], x[0].Value);
            }
        ),
        ["a name that is declared twice"] = ("'v' is declared a second time",
            (k, x) =>
            {
                k.Let("v", x[0].Vector);
                using (k.For("i", 8, out _))
                {
                    k.Let("v", x[0].Vector);
                }
            }
        ),
        ["a variable without a value"] = ("'v' is read before it is set",
            (k, x) =>
            {
                k.Add(new Declare(EquatableArray.Of(new Binding(V, null))));
                k.Store(x[0], V);
            }
        ),
        ["a variable that only a loop sets, which may not run"] = ("'v' is read before it is set",
            (k, x) =>
            {
                k.Add(new Declare(EquatableArray.Of(new Binding(V, null))));
                using (k.For("i", 8, out _))
                {
                    k.Set(V, x[0].Vector);
                }

                k.Store(x[0], V);
            }
        ),
        ["a loop without steps"] = ("the loop over 'i' has steps of 0", (k, x) => k.For("i", 0, 8, 0, out _).Dispose()),
        ["a loop that ends before it begins"] = ("the loop over 'i' goes from 9 to 8", (k, x) => k.For("i", 9, 8, 1, out _).Dispose()),
        ["memory without elements"] = ("'own' has 0 elements", (k, x) => k.Add(new Allocate(Own with { IsSpan = true }, null, 0))),
        ["an element behind the end"] = ("an element of 'own' stands at 8, of 8 elements", (k, x) => k.Store(Allocated(k)[8], x[0].Value)),
        ["an element before the beginning"] = ("an element of 'own' stands at -1", (k, x) => k.Store(Allocated(k)[-1], x[0].Value)),
        ["elements behind the end in some rounds of a loop"] = ("an element of 'own' stands at 1 to 8",
            (k, x) =>
            {
                Pointer own = Allocated(k);
                using (k.For("i", 8, out IndexVariable i))
                {
                    k.Store(own[i + 1], x[i].Value);
                }
            }
        ),
        ["an element behind the end of a pointer into memory"] = ("an element of 'p' stands at 8",
            (k, x) => k.Store(k.PointTo("p", Allocated(k)[4])[4], x[0].Value)),
        ["an entry behind a list's end"] = ("an element of 'list' stands at 2, of 2 elements",
            (k, x) =>
            {
                var list = new Pointer("list", ElementType.Float, IsSpan: true);
                k.Add(new Table(list, EquatableArray.Of(1.0, 2.0)));
                k.Store(x[0], list[2].Value);
            }
        ),
        ["a division by zero"] = ("Divide cannot have operands",
            (k, x) => k.LetInt("n", k.IntParameter("m") / 0)),
        ["a result that is not expected"] = ("what is returned is Float32 vector instead of None", (k, x) => k.Return(x[0].Vector)),
    };

    public static TheoryData<string> Mistakes => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Loops_with_a_mistake_are_refused(string mistake)
    {
        var k = new KernelBuilder(8);
        Broken[mistake].Record(k, k.Parameter("x"));
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => NestVerifier.Verify(k.Nest()));
        Assert.Contains(Broken[mistake].Message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_of_a_function_with_other_arguments_is_refused()
    {
        var body = new KernelBuilder(8);
        Variable a = body.VectorParameter("a");
        body.Return(a * a);
        var square = new DefinedFunction("Square", "", body.Nest(ElementType.Vector));
        Nest Calling(Func<Pointer, Expression[]> arguments)
        {
            var k = new KernelBuilder(8);
            Pointer x = k.Parameter("x");
            k.Store(x[0], new Call(square, arguments(x)));
            return k.Nest();
        }

        NestVerifier.Verify(square.Nest);
        NestVerifier.Verify(Calling(x => [x[0].Vector]));
        Assert.Throws<InvalidOperationException>(() => NestVerifier.Verify(Calling(x => [x[0].Value])));
        Assert.Throws<InvalidOperationException>(() => NestVerifier.Verify(Calling(x => [x[0].Vector, x[8].Vector])));
        Assert.Throws<InvalidOperationException>(() => NestVerifier.Verify(Calling(x => [new AddressOf(x[0])])));
    }

    [Fact]
    public void A_result_that_is_missing_is_refused() => Assert.Contains(
        "its result is Float32 vector, but it does not end with a return",
        Assert.Throws<InvalidOperationException>(() => NestVerifier.Verify(new KernelBuilder(8).Nest(ElementType.Vector))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Loops_that_keep_within_their_memory_are_accepted()
    {
        var k = new KernelBuilder(8);
        Pointer x = k.Parameter("x"), own = Allocated(k);
        Pointer moving = k.PointTo("moving", own[0]);
        using (k.For("i", 0, 8, 2, out IndexVariable i))
        {
            k.Store(own[i], x[i].Value);
            k.Store(own[7 - i], x[i].Value);
            k.Store(own[Index.Min(i + 4, 7)], x[i].Value);
            k.Advance((moving, 1));
        }

        // The last block begins at 6.
        using (k.For("block", 0, 8, 3, out IndexVariable block))
        {
            k.Store(own[block + 1], x[block].Value);
        }

        using (k.For("i", 8, out IndexVariable i))
        {
            Variable v = k.Let("v", Max(x[i * 8].Vector, 0));
            k.Store(x[i * 8], Expression.Select(v > 1, v, x[0].Broadcast));
        }

        NestVerifier.Verify(k.Nest());
    }

    [Fact]
    public void Every_nest_that_a_test_prints_is_verified()
    {
        var k = new KernelBuilder(8);
        k.Store(k.Parameter("x")[0], V);
        Assert.True(NestVerifier.IsOn);
        Assert.Throws<InvalidOperationException>(() => NestPrinter.Print(k.Nest(), depth: 0));
    }

    private static Pointer Allocated(KernelBuilder k)
    {
        k.Add(new Allocate(new Pointer("memory", ElementType.Float, IsSpan: true), Own, 8));
        return Own;
    }
}
