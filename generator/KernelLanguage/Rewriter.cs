using System;
using System.Linq;

namespace Strata.Generator.KernelLanguage;

/// <summary>A pass over a kernel that replaces some of it; what it says nothing about stays as it is.</summary>
internal abstract class Rewriter
{
    public virtual Nest Visit(Nest nest) => nest with { Parameters = nest.Parameters.Select(Visit).ToEquatableArray(), Body = Visit(nest.Body) };

    protected virtual Parameter Visit(Parameter parameter) => parameter is PointerParameter p ? new PointerParameter(Visit(p.Pointer)) : parameter;

    protected virtual Pointer Visit(Pointer pointer) => pointer;

    protected Reference Visit(Reference reference) => new(Visit(reference.Pointer), Visit(reference.Offset));

    protected Index Visit(Index index) => (Index)Visit((Expression)index);

    protected virtual Expression Visit(Expression expression) => expression switch
    {
        Load load => load with { Source = Visit(load.Source) },
        IndexLoad load => new IndexLoad(Visit(load.Source)),
        AddressOf address => new AddressOf(Visit(address.Target)),
        _ when expression.Operands.Count == 0 => expression,
        _ => expression.With([.. expression.Operands.Select(Visit)]),
    };

    protected Block Visit(Block block) => block with { Statements = block.Statements.Select(Visit).ToEquatableArray() };

    protected virtual Statement Visit(Statement statement) => statement switch
    {
        Declare declare => new Declare(declare.Bindings.Select(b => new Binding(Visit(b.Variable), b.Value is null ? null : Visit(b.Value))).ToEquatableArray()),
        DeclareZeros zeros => new DeclareZeros(zeros.Variables.Select(v => (Variable)Visit(v)).ToEquatableArray()),
        Assign assign => new Assign(Visit(assign.Variable), Visit(assign.Value)),
        Store store => new Store(Visit(store.Target), Visit(store.Value)),
        Point point => point with { Bindings = point.Bindings.Select(b => new PointerBinding(Visit(b.Pointer), Visit(b.Target))).ToEquatableArray() },
        Allocate allocate => allocate with { Span = Visit(allocate.Span), First = allocate.First is null ? null : Visit(allocate.First) },
        For loop => loop with { First = Visit(loop.First), End = Visit(loop.End), Body = Visit(loop.Body) },
        Evaluate evaluate => new Evaluate((Call)Visit(evaluate.Call)),
        Return result => new Return(Visit(result.Value)),
        Group group => new Group(group.Statements.Select(Visit).ToEquatableArray()),
        Block block => Visit(block),
        Table or Comment => statement,
        _ => throw new InvalidOperationException($"No pass knows {statement.GetType().Name}."),
    };
}
