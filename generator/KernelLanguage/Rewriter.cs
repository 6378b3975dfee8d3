using System;
using System.Collections.Immutable;

namespace Strata.Generator.KernelLanguage;

/// <summary>A pass over a kernel that replaces some of it; what it says nothing about stays as it is.</summary>
internal abstract class Rewriter
{
    private readonly Func<Expression, Expression> _visit;

    protected Rewriter() => _visit = Visit;

    public virtual Nest Visit(Nest nest) => nest with { Parameters = Visit(nest.Parameters, Visit), Body = Visit(nest.Body) };

    protected virtual Parameter Visit(Parameter parameter) => parameter is PointerParameter p ? new PointerParameter(Visit(p.Pointer)) : parameter;

    protected virtual Pointer Visit(Pointer pointer) => pointer;

    protected Reference Visit(Reference reference)
    {
        (Pointer pointer, Index offset) = (Visit(reference.Pointer), Visit(reference.Offset));
        return ReferenceEquals(pointer, reference.Pointer) && ReferenceEquals(offset, reference.Offset) ? reference : new Reference(pointer, offset);
    }

    protected Index Visit(Index index) => (Index)Visit((Expression)index);

    protected virtual Expression Visit(Expression expression) => expression switch
    {
        Load load => Visit(load.Source) is var source && ReferenceEquals(source, load.Source) ? load : load with { Source = source },
        IndexLoad load => new IndexLoad(Visit(load.Source)),
        AddressOf address => new AddressOf(Visit(address.Target)),
        _ => expression.Map(_visit),
    };

    protected Block Visit(Block block) => block with { Statements = Visit(block.Statements, Visit) };

    protected virtual Statement Visit(Statement statement) => statement switch
    {
        Declare declare => new Declare(Visit(declare.Bindings, b => new Binding(Visit(b.Variable), b.Value is null ? null : Visit(b.Value)))),
        DeclareZeros zeros => new DeclareZeros(Visit(zeros.Variables, v => (Variable)Visit(v))),
        Assign assign => new Assign(Visit(assign.Variable), Visit(assign.Value)),
        Store store => new Store(Visit(store.Target), Visit(store.Value)),
        Point point => point with { Bindings = Visit(point.Bindings, b => new PointerBinding(Visit(b.Pointer), Visit(b.Target))) },
        Allocate allocate => allocate with { Span = Visit(allocate.Span), First = allocate.First is null ? null : Visit(allocate.First) },
        For loop => loop with { First = Visit(loop.First), End = Visit(loop.End), Body = Visit(loop.Body) },
        Evaluate evaluate => new Evaluate((Call)Visit(evaluate.Call)),
        Return result => new Return(Visit(result.Value)),
        Group group => new Group(Visit(group.Statements, Visit)),
        Block block => Visit(block),
        Table or Comment => statement,
        _ => throw new InvalidOperationException($"No pass knows {statement.GetType().Name}."),
    };

    private static EquatableArray<T> Visit<T>(EquatableArray<T> items, Func<T, T> visit)
        where T : IEquatable<T>
    {
        var visited = ImmutableArray.CreateBuilder<T>(items.Count);
        foreach (T item in items)
        {
            visited.Add(visit(item));
        }

        return new EquatableArray<T>(visited.MoveToImmutable());
    }
}
