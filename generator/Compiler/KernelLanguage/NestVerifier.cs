using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// Checks a loop nest before it becomes text: types, names in scope, values set before they are read, loops' bounds, and indices of memory
/// whose length is known.
/// </summary>
/// <remarks>
/// The C# compiler would find many of these mistakes, but in generated code, and not those of indices. Tests switch the check on, so
/// that it runs for every kernel that a test compiles; users do not pay for it.
/// </remarks>
internal sealed class NestVerifier
{
    private readonly Nest _nest;

    /// <summary>What is declared, innermost scope first.</summary>
    private readonly Stack<Dictionary<string, Known>> _scopes = new([new Dictionary<string, Known>(StringComparer.Ordinal)]);

    /// <summary>Names whose value or place changes: nothing is known of their range.</summary>
    private readonly HashSet<string> _changing = new(StringComparer.Ordinal);

    private NestVerifier(Nest nest) => _nest = nest;

    /// <summary>Whether nests are verified before they are printed.</summary>
    public static bool IsOn { get; set; }

    /// <summary>A name that is in scope.</summary>
    /// <param name="Type">The type of a variable, or of a pointer's elements.</param>
    private sealed record Known(ElementType Type, bool IsPointer)
    {
        public bool IsSet { get; set; } = true;

        /// <summary>The values of an integer; where a pointer stands in its memory.</summary>
        public IndexRange Range { get; init; } = IndexRange.Any;

        /// <summary>The elements of the memory into which it points; null where that is not known.</summary>
        public int? Length { get; init; }
    }

    /// <exception cref="InvalidOperationException">There is a mistake. The message says what was expected and what was found.</exception>
    public static void Verify(Nest nest)
    {
        var verifier = new NestVerifier(nest);
        foreach (Parameter parameter in nest.Parameters)
        {
            verifier.Declare(parameter.Name, parameter switch
            {
                PointerParameter { Pointer.Element: var element } => new Known(element, IsPointer: true),
                ValueParameter value => new Known(value.Type, IsPointer: false),
                _ => throw Mistake($"the parameter '{parameter.Name}' is neither a pointer nor a value."),
            });
        }

        verifier.FindChanges(nest.Body);
        verifier.Check(nest.Body);
        EquatableArray<Statement> body = nest.Body.Statements;
        bool returns = body.Count > 0 && body[body.Count - 1] is Return;
        if (returns != (nest.Result != ElementType.None))
        {
            throw Mistake($"its result is {nest.Result}, but it {(returns ? "ends" : "does not end")} with a return.");
        }
    }

    public static InvalidOperationException Mistake(string what) => new("A kernel's loops have a mistake: " + what);

    private void FindChanges(Statement statement)
    {
        switch (statement)
        {
            case Assign { Variable: IndexVariable variable }:
                _changing.Add(variable.Name);
                break;
            case Point { Declares: false } point:
                _changing.UnionWith(point.Bindings.Select(binding => binding.Pointer.Name));
                break;
            case For loop:
                FindChanges(loop.Body);
                break;
            case Block block:
                block.Statements.ToList().ForEach(FindChanges);
                break;
            case Group group:
                group.Statements.ToList().ForEach(FindChanges);
                break;
        }
    }

    private void Check(Statement statement)
    {
        Cancellation.ThrowIfRequested();
        switch (statement)
        {
            case Declare declare:
                Check(declare);
                break;
            case DeclareZeros zeros:
                zeros.Variables.ToList().ForEach(variable => Declare(variable.Name, new Known(variable.Type, IsPointer: false)));
                break;
            case Assign assign:
                Check(assign);
                break;
            case Store store:
                Check(store);
                break;
            case Point point:
                Check(point);
                break;
            case Allocate allocate:
                Check(allocate);
                break;
            case Table table:
                DeclareMemory(table.Span, table.Values.Count);
                break;
            case For loop:
                Check(loop);
                break;
            case Block { IsScope: true } block:
                InScope(() => block.Statements.ToList().ForEach(Check));
                break;
            case Block block:
                block.Statements.ToList().ForEach(Check);
                break;
            case Group group:
                group.Statements.ToList().ForEach(Check);
                break;
            case Evaluate evaluate:
                Check(evaluate.Call);
                break;
            case Return result:
                Check(result.Value);
                Expect(result.Value, _nest.Result, "what is returned");
                break;
            case Comment:
                break;
            default:
                throw Mistake($"{statement} is no known statement.");
        }
    }

    private void Check(Declare declare)
    {
        foreach (Binding binding in declare.Bindings)
        {
            if (binding.Value is not null)
            {
                Check(binding.Value);
                Expect(binding.Value, binding.Variable.Type, $"the value of '{NameOf(binding.Variable)}'");
            }

            string name = NameOf(binding.Variable);
            Declare(name, new Known(binding.Variable.Type, IsPointer: false)
            {
                IsSet = binding.Value is not null,
                Range = binding.Value is Index index && !_changing.Contains(name) ? RangeOf(index) : IndexRange.Any,
            });
        }
    }

    private void Check(Assign assign)
    {
        Check(assign.Value);
        Known variable = Lookup(NameOf(assign.Variable), assign.Variable.Type, isPointer: false);
        Expect(assign.Value, variable.Type, "what is assigned");
        variable.IsSet = true;
    }

    private void Check(Store store)
    {
        Check(store.Value);
        Check(store.Target, isWide: store.Value.Type.IsWide);
        ExpressionTypes.CheckStore(store.Target.Pointer, store.Value.Type);
    }

    private void Check(Allocate allocate)
    {
        if (allocate.Length <= 0)
        {
            throw Mistake($"'{allocate.Span.Name}' has {allocate.Length} elements.");
        }

        DeclareMemory(allocate.Span, allocate.Length);
        if (allocate.First is { } first)
        {
            DeclareMemory(first, allocate.Length);
        }
    }

    private void Check(Point point)
    {
        foreach (PointerBinding binding in point.Bindings)
        {
            Known target = Check(binding.Target, isWide: false, isAddress: true);
            if (target.Type != binding.Pointer.Element)
            {
                throw Mistake(
                    $"'{binding.Pointer.Name}' points to {binding.Pointer.Element}, '{binding.Target.Pointer.Name}' to {target.Type}.");
            }

            if (!point.Declares)
            {
                Lookup(binding.Pointer.Name, binding.Pointer.Element, isPointer: true);
                continue;
            }

            Declare(binding.Pointer.Name, target with
            {
                Range = target.Range + RangeOf(binding.Target.Offset),
                Length = _changing.Contains(binding.Pointer.Name) ? null : target.Length,
            });
        }
    }

    private void Check(For loop)
    {
        Check(loop.First);
        Check(loop.End);
        Check(loop.Step);
        IndexRange first = RangeOf(loop.First), end = RangeOf(loop.End);
        int step = loop.Step is Number number ? number.Value : 1;
        if (step <= 0)
        {
            throw Mistake($"the loop over '{loop.Variable.Name}' has steps of {step}.");
        }

        if (first.Least > end.Most)
        {
            throw Mistake($"the loop over '{loop.Variable.Name}' goes from {first.Least} to {end.Most}.");
        }

        // It may not run at all: what it sets is not set behind it.
        List<Known> open = [.. _scopes.SelectMany(scope => scope.Values).Where(known => !known.IsSet)];
        InScope(() =>
        {
            Declare(loop.Variable.Name, new Known(ElementType.Int, IsPointer: false)
            {
                Range = IndexRange.Loop(first, end, step),
            });
            Check(loop.Body);
        });
        open.ForEach(known => known.IsSet = false);
    }

    /// <summary>Checks an expression with all that it is computed from.</summary>
    private void Check(Expression expression)
    {
        foreach (Expression part in expression.InOrder())
        {
            switch (part)
            {
                case Variable or IndexVariable:
                    Known known = Lookup(NameOf(part), part.Type, isPointer: false);
                    if (!known.IsSet)
                    {
                        throw Mistake($"'{NameOf(part)}' is read before it is set.");
                    }

                    break;
                case Load load:
                    Check(load.Source, load.Type.IsWide, isChecked: true);
                    break;
                case IndexLoad load:
                    Check(load.Source, isWide: false, isChecked: true);
                    break;
                case AddressOf address:
                    Check(address.Target, isWide: false, isAddress: true, isChecked: true);
                    break;
            }

            ExpressionTypes.Check(part);
        }
    }

    /// <summary>Checks a place in memory.</summary>
    /// <param name="isAddress">Whether nothing is read there, so that it may be the end of the memory.</param>
    /// <param name="isWide">Whether a vector begins there. How long it is depends on the tier, so only its beginning is checked.</param>
    /// <param name="isChecked">Whether the offset was checked before.</param>
    private Known Check(Reference reference, bool isWide, bool isAddress = false, bool isChecked = false)
    {
        if (!isChecked)
        {
            Check(reference.Offset);
        }

        Known known = Lookup(reference.Pointer.Name, reference.Pointer.Element, isPointer: true);
        IndexRange place = known.Range + RangeOf(reference.Offset);
        if (known.Length is { } length && (place.Most < 0 || place.Least > length - (isAddress ? 0 : 1)
            || (place.IsKnown && (place.Least < 0 || place.Most > length - (isAddress ? 0 : 1)))))
        {
            throw Mistake(
                $"{(isWide ? "a vector" : "an element")} of '{reference.Pointer.Name}' stands at {place}, of {length} elements.");
        }

        return known;
    }

    private void Declare(string name, Known known)
    {
        if (_scopes.Any(scope => scope.ContainsKey(name)))
        {
            throw Mistake($"'{name}' is declared a second time.");
        }

        _scopes.Peek().Add(name, known);
    }

    private void DeclareMemory(Pointer pointer, int length) => Declare(
        pointer.Name, new Known(pointer.Element, IsPointer: true)
        {
            Range = new IndexRange(0, 0),
            Length = _changing.Contains(pointer.Name) ? null : length,
        });

    private Known Lookup(string name, ElementType type, bool isPointer)
    {
        Known known = Find(name) ?? throw Mistake($"'{name}' is not declared here.");
        return known.Type == type && known.IsPointer == isPointer ? known : throw Mistake(
            $"'{name}' is {Described(type, isPointer)}, but was declared as {Described(known.Type, known.IsPointer)}.");
    }

    private Known? Find(string name)
    {
        foreach (Dictionary<string, Known> scope in _scopes)
        {
            if (scope.TryGetValue(name, out Known known))
            {
                return known;
            }
        }

        return null;
    }

    private static string Described(ElementType type, bool isPointer) => isPointer ? $"a pointer to {type}" : $"of type {type}";

    private void InScope(Action check)
    {
        _scopes.Push(new Dictionary<string, Known>(StringComparer.Ordinal));
        check();
        _scopes.Pop();
    }

    private static void Expect(Expression value, ElementType type, string what)
    {
        if (!ExpressionTypes.Becomes(value.Type, type))
        {
            throw Mistake($"{what} is {value.Type} instead of {type}.");
        }
    }

    private static string NameOf(Expression variable) => variable switch
    {
        Variable named => named.Name,
        IndexVariable index => index.Name,
        _ => throw Mistake($"{variable} is no variable."),
    };

    private IndexRange RangeOf(Expression index) => index switch
    {
        Number number => new IndexRange(number.Value, number.Value),
        IndexVariable variable => Find(variable.Name)?.Range ?? IndexRange.Any,
        IndexBinary binary => IndexRange.Apply(binary.Operator, RangeOf(binary.Left), RangeOf(binary.Right)),
        IndexCall call => IndexRange.Apply(call.Function, [.. call.Arguments.Select(RangeOf)]),
        _ => IndexRange.Any,
    };
}

/// <summary>The values that an integer may have.</summary>
internal readonly record struct IndexRange(long Least, long Most)
{
    /// <summary>Sums and products of these do not overflow.</summary>
    private const long Bound = 1L << 40;

    public static readonly IndexRange Any = new(-Bound, Bound);

    public bool IsKnown => Least > -Bound && Most < Bound;

    public static IndexRange operator +(IndexRange left, IndexRange right) =>
        left.IsKnown && right.IsKnown ? new(left.Least + right.Least, left.Most + right.Most) : Any;

    /// <summary>The values of a loop's variable. From a known beginning, the last one stands whole steps behind it.</summary>
    public static IndexRange Loop(IndexRange first, IndexRange end, int step)
    {
        if (!first.IsKnown || !end.IsKnown)
        {
            return Any;
        }

        long last = end.Most - 1;
        return new(first.Least, first.Least == first.Most ? last - ((last - first.Least) % step) : last);
    }

    public static IndexRange Apply(BinaryOperator symbol, IndexRange left, IndexRange right)
    {
        if (!left.IsKnown || !right.IsKnown)
        {
            return Any;
        }

        long[] products = [left.Least * right.Least, left.Least * right.Most, left.Most * right.Least, left.Most * right.Most];
        return symbol switch
        {
            BinaryOperator.Add => left + right,
            BinaryOperator.Subtract => left + new IndexRange(-right.Most, -right.Least),
            BinaryOperator.Multiply when products.All(product => Math.Abs(product) < Bound) => new(products.Min(), products.Max()),
            BinaryOperator.Divide when right.Least > 0 && left.Least >= 0 => new(left.Least / right.Most, left.Most / right.Least),
            BinaryOperator.Modulo when right.Least > 0 && left.Least >= 0 => new(0, Math.Min(left.Most, right.Most - 1)),
            _ => Any,
        };
    }

    public static IndexRange Apply(IndexFunction function, IndexRange[] x) => x.Any(range => !range.IsKnown) ? Any : function switch
    {
        IndexFunction.Min => new(Math.Min(x[0].Least, x[1].Least), Math.Min(x[0].Most, x[1].Most)),
        IndexFunction.Max => new(Math.Max(x[0].Least, x[1].Least), Math.Max(x[0].Most, x[1].Most)),
        IndexFunction.Clamp => new(
            Math.Min(Math.Max(x[0].Least, x[1].Least), x[2].Least), Math.Min(Math.Max(x[0].Most, x[1].Most), x[2].Most)),
        _ => Any,
    };

    public override string ToString() => Least == Most ? $"{Least}" : $"{Least} to {Most}";
}
