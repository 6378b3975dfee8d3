using System.Collections.Generic;

namespace Strata.Compiler.KernelLanguage;

/// <summary>A statement of a kernel.</summary>
internal abstract record Statement;

/// <summary>A variable and its first value. The value is null if the variable is set later.</summary>
internal sealed record Binding(Expression Variable, Expression? Value);

/// <summary>Declares variables of one type.</summary>
internal sealed record Declare(EquatableArray<Binding> Bindings) : Statement;

/// <summary>Declares vectors that are zero at first.</summary>
internal sealed record DeclareZeros(EquatableArray<Variable> Variables) : Statement;

/// <summary>Sets a variable.</summary>
internal sealed record Assign(Expression Variable, Expression Value) : Statement;

/// <summary>Writes to memory.</summary>
internal sealed record Store(Reference Target, Expression Value) : Statement;

/// <summary>Declares or moves pointers.</summary>
/// <param name="Declares">Whether they are new.</param>
internal sealed record Point(EquatableArray<PointerBinding> Bindings, bool Declares) : Statement;

/// <summary>A pointer and the place that it gets.</summary>
internal sealed record PointerBinding(Pointer Pointer, Reference Target);

/// <summary>Allocates memory on the stack of the kernel.</summary>
/// <param name="Span">All of it.</param>
/// <param name="First">A pointer to its first element; null if the kernel needs none.</param>
internal sealed record Allocate(Pointer Span, Pointer? First, int Length) : Statement;

/// <summary>A list of constants.</summary>
internal sealed record Table(Pointer Span, EquatableArray<double> Values) : Statement;

/// <summary>A loop: <c>for (variable = First; variable &lt; End; variable += Step)</c>.</summary>
internal sealed record For(IndexVariable Variable, Index First, Index End, Index Step, Block Body) : Statement;

/// <summary>Calls a function for its effect.</summary>
internal sealed record Evaluate(Call Call) : Statement;

/// <summary>Returns the kernel's result.</summary>
internal sealed record Return(Expression Value) : Statement;

/// <summary>A line of comment in the generated code.</summary>
internal sealed record Comment(string Text) : Statement;

/// <summary>Short statements, of which the printer puts several on a line.</summary>
internal sealed record Group(EquatableArray<Statement> Statements) : Statement;

/// <summary>Statements in order.</summary>
/// <param name="IsScope">Whether it has braces, so that its variables are not known outside.</param>
internal sealed record Block(EquatableArray<Statement> Statements, bool IsScope = false) : Statement
{
    public static readonly Block Empty = new(EquatableArray<Statement>.Empty);

    public Block(IEnumerable<Statement> statements)
        : this(statements.ToEquatableArray())
    {
    }
}

/// <summary>A parameter of a kernel.</summary>
internal abstract record Parameter(string Name);

/// <summary>A reference to memory.</summary>
internal sealed record PointerParameter(Pointer Pointer) : Parameter(Pointer.Name);

/// <summary>A number, or the context of a training step.</summary>
internal sealed record ValueParameter(string Name, ElementType Type, bool IsOffset = false) : Parameter(Name);

/// <summary>A loop nest as a value: its parameters and its statements.</summary>
/// <param name="Result">The type of what it returns.</param>
internal sealed record Nest(EquatableArray<Parameter> Parameters, Block Body, ElementType Result = default)
{
    private Fingerprint? _fingerprint;

    /// <summary>A copy has a fingerprint of its own.</summary>
    private Nest(Nest other) => (Parameters, Body, Result, Lanes) = (other.Parameters, other.Body, other.Result, other.Lanes);

    /// <summary>Floats in its vectors; 0 if they are as long as those of whatever calls it.</summary>
    public int Lanes { get; init; }

    /// <summary>The number of its statements and expressions.</summary>
    public int Size => Fingerprint.Size;

    private Fingerprint Fingerprint => _fingerprint ??= Fingerprint.Compute(Body);

    public bool Equals(Nest? other) => ReferenceEquals(this, other) || (other is not null && Fingerprint == other.Fingerprint
        && Result == other.Result && Lanes == other.Lanes && Parameters.Equals(other.Parameters) && Body.Equals(other.Body));

    public override int GetHashCode() => Fingerprint.Hash;
}
