using System;
using System.Collections.Immutable;

namespace Strata.Compiler.KernelLanguage;

/// <summary>A pass over a kernel. A subclass overrides what it changes; the rest stays as it is.</summary>
internal abstract class Rewriter
{
    private readonly Func<Expression, Expression> _visit;
    private readonly Func<Statement, Statement> _visitStatement;

    protected Rewriter()
    {
        Func<Expression, Expression> visit = Visit;
        (_visit, _visitStatement) = (expression => DeepRecursion.Call(visit, expression), Visit);
    }

    public virtual Nest Visit(Nest nest)
    {
        (EquatableArray<Parameter> parameters, Block body) = (Visit(nest.Parameters, p => Visit(p)), Visit(nest.Body));
        return parameters.IsSameAs(nest.Parameters) && ReferenceEquals(body, nest.Body)
            ? nest : nest with { Parameters = parameters, Body = body };
    }

    protected virtual Parameter Visit(Parameter parameter) =>
        parameter is PointerParameter p && Visit(p.Pointer) is var pointer && !ReferenceEquals(pointer, p.Pointer)
            ? new PointerParameter(pointer) : parameter;

    protected virtual Pointer Visit(Pointer pointer) => pointer;

    protected Reference Visit(Reference reference)
    {
        (Pointer pointer, Index offset) = (Visit(reference.Pointer), Visit(reference.Offset));
        return ReferenceEquals(pointer, reference.Pointer) && ReferenceEquals(offset, reference.Offset)
            ? reference : new Reference(pointer, offset);
    }

    protected Index Visit(Index index) => (Index)Visit((Expression)index);

    protected virtual Expression Visit(Expression expression) => expression switch
    {
        Load load => Visit(load.Source) is var source && ReferenceEquals(source, load.Source) ? load : new Load(source, load.Type),
        IndexLoad load => new IndexLoad(Visit(load.Source)),
        AddressOf address => new AddressOf(Visit(address.Target)),
        _ => expression.Map(_visit),
    };

    protected Block Visit(Block block) =>
        Visit(block.Statements) is var statements && statements.IsSameAs(block.Statements) ? block : block with { Statements = statements };

    protected virtual Statement Visit(Statement statement)
    {
        Cancellation.ThrowIfRequested();
        switch (statement)
        {
            case Declare declare:
                EquatableArray<Binding> bindings = Visit(declare.Bindings, b => Visit(b));
                return bindings.IsSameAs(declare.Bindings) ? declare : new Declare(bindings);

            case DeclareZeros zeros:
                EquatableArray<Variable> variables = Visit(zeros.Variables, v => (Variable)Visit(v));
                return variables.IsSameAs(zeros.Variables) ? zeros : new DeclareZeros(variables);

            case Assign assign:
                (Expression variable, Expression assigned) = (Visit(assign.Variable), Visit(assign.Value));
                return ReferenceEquals(variable, assign.Variable) && ReferenceEquals(assigned, assign.Value)
                    ? assign : new Assign(variable, assigned);

            case Store store:
                (Reference target, Expression stored) = (Visit(store.Target), Visit(store.Value));
                return ReferenceEquals(target, store.Target) && ReferenceEquals(stored, store.Value) ? store : new Store(target, stored);

            case Point point:
                EquatableArray<PointerBinding> pointers = Visit(point.Bindings, b => Visit(b));
                return pointers.IsSameAs(point.Bindings) ? point : point with { Bindings = pointers };

            case Allocate allocate:
                return allocate with { Span = Visit(allocate.Span), First = allocate.First is null ? null : Visit(allocate.First) };

            case For loop:
                (Index first, Index end, Index step, Block body) =
                    (Visit(loop.First), Visit(loop.End), Visit(loop.Step), Visit(loop.Body));
                return ReferenceEquals(first, loop.First) && ReferenceEquals(end, loop.End) && ReferenceEquals(step, loop.Step)
                    && ReferenceEquals(body, loop.Body)
                    ? loop : loop with { First = first, End = end, Step = step, Body = body };

            case Evaluate evaluate:
                Expression call = Visit(evaluate.Call);
                return ReferenceEquals(call, evaluate.Call) ? evaluate : new Evaluate((Call)call);

            case Return result:
                return new Return(Visit(result.Value));

            case Group group:
                EquatableArray<Statement> statements = Visit(group.Statements);
                return statements.IsSameAs(group.Statements) ? group : new Group(statements);

            case Block block:
                return Visit(block);

            case Table or Comment:
                return statement;

            default:
                throw new InvalidOperationException($"No pass knows {statement.GetType().Name}.");
        }
    }

    private Binding Visit(Binding binding)
    {
        (Expression variable, Expression? value) = (Visit(binding.Variable), binding.Value is null ? null : Visit(binding.Value));
        return ReferenceEquals(variable, binding.Variable) && ReferenceEquals(value, binding.Value)
            ? binding : new Binding(variable, value);
    }

    private PointerBinding Visit(PointerBinding binding)
    {
        (Pointer pointer, Reference target) = (Visit(binding.Pointer), Visit(binding.Target));
        return ReferenceEquals(pointer, binding.Pointer) && ReferenceEquals(target, binding.Target)
            ? binding : new PointerBinding(pointer, target);
    }

    private EquatableArray<Statement> Visit(EquatableArray<Statement> statements) => Visit(statements, _visitStatement);

    /// <summary>
    /// The items that replace these; the same array where each stays what it is, since most of a kernel does in most passes.
    /// </summary>
    private static EquatableArray<T> Visit<T>(EquatableArray<T> items, Func<T, T> visit)
        where T : class, IEquatable<T>
    {
        ImmutableArray<T>.Builder? replaced = null;
        for (int i = 0; i < items.Count; i++)
        {
            Cancellation.ThrowIfRequested();
            T item = items[i], visited = visit(item);
            if (replaced is null && !ReferenceEquals(visited, item))
            {
                replaced = ImmutableArray.CreateBuilder<T>(items.Count);
                for (int k = 0; k < i; k++)
                {
                    replaced.Add(items[k]);
                }
            }

            replaced?.Add(visited);
        }

        return replaced is null ? items : new EquatableArray<T>(replaced.MoveToImmutable());
    }
}
