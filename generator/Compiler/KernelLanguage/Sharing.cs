using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// What one kernel calls: the nest of a method, which other kernels may call, too, and the numbers that only this call passes.
/// </summary>
/// <param name="Extents">The last arguments of the call; empty if no other kernel calls the method.</param>
internal sealed record SharedNest(Nest Nest, EquatableArray<int> Extents);

/// <summary>
/// In large networks, many kernels differ in extents only. Those that differ in named numbers only become one kernel, whose last parameters
/// are these numbers. A small network keeps its literals, which are easier to read.
/// </summary>
/// <remarks>
/// Bounds of loops and factors of loop variables are hoisted by the JIT whether they are literals or not. What a tile adds to a reference
/// becomes a stride and a literal behind it, <c>[x + stride * 4 + 64]</c>: one register for each stride, and no instruction more.
/// </remarks>
internal static class Sharing
{
    private const int MostParameters = 16;

    /// <summary>For each of the kernels, all of which are different, the method that it calls, with the extents.</summary>
    /// <param name="ofSizes">Whether they are of several sizes of a network.</param>
    public static SharedNest[] Share(IReadOnlyList<Nest> nests, CancellationToken cancellationToken, bool ofSizes = false)
    {
        var shared = new SharedNest[nests.Count];
        IEnumerable<Candidate> candidates = nests.Select((nest, i) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Candidate(i, nest, ofSizes);
        });
        foreach (IGrouping<Nest, Candidate> group in candidates.GroupBy(candidate => candidate.Skeleton))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Share([.. group], ofSizes, shared);
        }

        return shared;
    }

    /// <summary>The kernel with literals in place of its named numbers, and with its offsets computed.</summary>
    public static Nest Resolve(Nest nest) => new Replacement(ofSizes: false, _ => null).Visit(nest);

    private static void Share(List<Candidate> group, bool ofSizes, SharedNest[] shared)
    {
        if (group.Count == 1)
        {
            shared[group[0].Position] = new SharedNest(Resolve(group[0].Nest), EquatableArray<int>.Empty);
            return;
        }

        // Numbers that always agree are one.
        int count = group[0].Numbers.Count;
        var parameters = new List<(ValueParameter Parameter, int[] Values)>();
        var names = new HashSet<string>(Names.Collect(group[0].Nest));
        var replaced = new Expression?[count];
        int[] differing = [.. Enumerable.Range(0, count).Where(i => group.Exists(c => c.Numbers[i].Value != group[0].Numbers[i].Value))];
        foreach (int i in differing)
        {
            int[] values = [.. group.Select(c => c.Numbers[i].Value)];
            ValueParameter form = group[0].Numbers[i].Form;
            (ValueParameter parameter, _) = parameters.Find(
                p => p.Parameter.Type == form.Type && p.Parameter.IsOffset == form.IsOffset && p.Values.SequenceEqual(values));
            if (parameter is null)
            {
                parameter = form with { Name = Unique(form.Name, names) };
                parameters.Add((parameter, values));
            }

            replaced[i] = group[0].Numbers[i].Of(parameter.Name);
        }

        if (parameters.Count > MostParameters)
        {
            // One method would have too many parameters. Divide the kernels by one of the differing numbers, and share a method among those
            // that have the same value. The number with the fewest values gives the fewest methods.
            int common = differing.OrderBy(i => group.Select(c => c.Numbers[i].Value).Distinct().Count()).First();
            foreach (IGrouping<int, Candidate> part in group.GroupBy(c => c.Numbers[common].Value))
            {
                Share([.. part], ofSizes, shared);
            }

            return;
        }

        int next = 0;
        Nest method = new Replacement(ofSizes, _ => replaced[next++]).Visit(group[0].Nest);
        method = method with
        {
            Parameters = method.Parameters
                .Concat(parameters.Select(p => (Parameter)p.Parameter)).ToEquatableArray(),
        };
        for (int i = 0; i < group.Count; i++)
        {
            shared[group[i].Position] = new SharedNest(method, parameters.Select(p => p.Values[i]).ToEquatableArray());
        }
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
        {
            unique = name + i.ToString(CultureInfo.InvariantCulture);
        }

        return unique;
    }

    /// <summary>A number in which kernels of one form may differ.</summary>
    /// <param name="Expression">A named number, or a constant.</param>
    private readonly record struct Leaf(Expression Expression)
    {
        // In the place of numbers, which would be equal to others.
        private static readonly Expression Extent = new IndexVariable("#extent"), Offset = new IndexVariable("#offset"),
            Factor = new Variable("#factor", ElementType.Float), WideFactor = new Broadcast(Factor);

        /// <summary>The parameter that it may become.</summary>
        public ValueParameter Form => Expression is Number number
            ? new ValueParameter(number.Name, ElementType.Int, number.IsOffset) : new ValueParameter("factor", ElementType.Float);

        /// <summary>Its value; the bits of a constant.</summary>
        public int Value => Expression is Number number ? number.Value : (int)((Constant)Expression).Pattern;

        /// <summary>What stands for it in a skeleton.</summary>
        public Expression Skeleton => Expression switch
        {
            Number { IsOffset: true } => Offset,
            Number => Extent,
            { Type.IsWide: true } => WideFactor,
            _ => Factor,
        };

        /// <summary>A parameter in its place.</summary>
        public Expression Of(string parameter) => Expression switch
        {
            Number => new IndexVariable(parameter),
            { Type.IsWide: true } => new Broadcast(new Variable(parameter, ElementType.Float)),
            _ => new Variable(parameter, ElementType.Float),
        };
    }

    /// <summary>A kernel with its named numbers in order, and what is left of it without them.</summary>
    private sealed class Candidate
    {
        public Candidate(int position, Nest nest, bool ofSizes)
        {
            (Position, Nest) = (position, nest);
            Skeleton = new Replacement(ofSizes, leaf =>
            {
                Numbers.Add(leaf);
                return leaf.Skeleton;
            }).Visit(nest);
        }

        public int Position { get; }

        public Nest Nest { get; }

        public List<Leaf> Numbers { get; } = [];

        public Nest Skeleton { get; }
    }

    /// <summary>Replaces the numbers in which kernels may differ.</summary>
    /// <param name="ofSizes">Whether the kernels are of several sizes of a network. Then constants are such numbers, too.</param>
    /// <param name="by">What replaces a number; null for a literal.</param>
    private sealed class Replacement(bool ofSizes, Func<Leaf, Expression?> by) : Rewriter
    {
        protected override Expression Visit(Expression expression) => expression switch
        {
            Number { Name.Length: > 0 } number =>
                (number.IsOfSizes && !ofSizes ? null : by(new Leaf(number))) ?? new Number(number.Value),
            Constant constant when ofSizes && constant.Type.Lane == ElementType.Float => by(new Leaf(constant)) ?? constant,

            // A function may take a number where it takes no vector.
            Call when ofSizes => expression.Map(part => part is Constant ? part : DeepRecursion.Call<Expression, Expression>(Visit, part)),
            _ => base.Visit(expression),
        };
    }

    /// <summary>The names that a kernel declares.</summary>
    private sealed class Names : Rewriter
    {
        private readonly HashSet<string> _names = [];

        public static IEnumerable<string> Collect(Nest nest)
        {
            var names = new Names();
            names.Visit(nest);
            return names._names.Concat(nest.Parameters.Select(p => p.Name));
        }

        protected override Expression Visit(Expression expression)
        {
            if (expression is Variable variable)
            {
                _names.Add(variable.Name);
            }
            else if (expression is IndexVariable index)
            {
                _names.Add(index.Name);
            }

            return base.Visit(expression);
        }

        protected override Statement Visit(Statement statement)
        {
            if (statement is For loop)
            {
                _names.Add(loop.Variable.Name);
            }

            return base.Visit(statement);
        }

        protected override Pointer Visit(Pointer pointer)
        {
            _names.Add(pointer.Name);
            return base.Visit(pointer);
        }
    }
}
