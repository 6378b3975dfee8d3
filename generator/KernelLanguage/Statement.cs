using System.Collections.Generic;

namespace Strata.Generator.KernelLanguage;

/// <summary>One thing that a kernel does.</summary>
internal abstract record Statement;

/// <summary>A variable and its first value; none for one that is set later.</summary>
internal sealed record Binding(Expression Variable, Expression? Value);

/// <summary>New variables of one type.</summary>
internal sealed record Declare(EquatableArray<Binding> Bindings) : Statement;

/// <summary>New vectors that begin at zero.</summary>
internal sealed record DeclareZeros(EquatableArray<Variable> Variables) : Statement;

/// <summary>Another value for a variable.</summary>
internal sealed record Assign(Expression Variable, Expression Value) : Statement;

/// <summary>Writes to memory.</summary>
internal sealed record Store(Reference Target, Expression Value) : Statement;

/// <summary>Lets pointers point somewhere.</summary>
/// <param name="Declares">Whether they are new.</param>
internal sealed record Point(EquatableArray<PointerBinding> Bindings, bool Declares) : Statement;

/// <summary>A pointer and where it points to.</summary>
internal sealed record PointerBinding(Pointer Pointer, Reference Target);

/// <summary>Memory of the kernel's own, as long as it runs.</summary>
/// <param name="Span">All of it.</param>
/// <param name="First">Its first element; null where nobody asks for it.</param>
internal sealed record Allocate(Pointer Span, Pointer? First, int Length) : Statement;

/// <summary>A list of constants.</summary>
internal sealed record Table(Pointer Span, EquatableArray<double> Values) : Statement;

/// <summary>Does something again and again: <c>for (variable = First; variable &lt; End; variable += Step)</c>.</summary>
internal sealed record For(IndexVariable Variable, Index First, Index End, int Step, Block Body) : Statement;

/// <summary>Calls a function for what it does.</summary>
internal sealed record Evaluate(Call Call) : Statement;

/// <summary>The kernel's result.</summary>
internal sealed record Return(Expression Value) : Statement;

/// <summary>A line for the reader.</summary>
internal sealed record Comment(string Text) : Statement;

/// <summary>Short statements that belong together.</summary>
internal sealed record Group(EquatableArray<Statement> Statements) : Statement;

/// <summary>Statements in order.</summary>
/// <param name="IsScope">Whether what it declares is its own.</param>
internal sealed record Block(EquatableArray<Statement> Statements, bool IsScope = false) : Statement
{
    public static readonly Block Empty = new(EquatableArray<Statement>.Empty);

    public Block(IEnumerable<Statement> statements)
        : this(statements.ToEquatableArray())
    {
    }
}

/// <summary>What a kernel is handed.</summary>
internal abstract record Parameter(string Name);

/// <summary>A place in memory.</summary>
internal sealed record PointerParameter(Pointer Pointer) : Parameter(Pointer.Name);

/// <summary>A value.</summary>
internal sealed record ValueParameter(string Name, ElementType Type, bool IsOffset = false) : Parameter(Name);

/// <summary>A loop nest as a value: what it is handed, and what it does.</summary>
/// <param name="Result">What it returns.</param>
internal sealed record Nest(EquatableArray<Parameter> Parameters, Block Body, ElementType Result = default)
{
    private Fingerprint? _fingerprint;

    /// <summary>A copy has a fingerprint of its own.</summary>
    private Nest(Nest other) => (Parameters, Body, Result) = (other.Parameters, other.Body, other.Result);

    /// <summary>How much there is to it: statements and expressions.</summary>
    public int Size => Fingerprint.Size;

    private Fingerprint Fingerprint => _fingerprint ??= Fingerprint.Of(Body);

    public bool Equals(Nest? other) => ReferenceEquals(this, other) || (other is not null && Fingerprint == other.Fingerprint
        && Result == other.Result && Parameters.Equals(other.Parameters) && Body.Equals(other.Body));

    public override int GetHashCode() => Fingerprint.Hash;
}
