namespace Strata.Compiler.KernelLanguage;

/// <summary>A name for a place in memory: a parameter of the kernel, a local reference, or a span.</summary>
/// <param name="Element">The type of its elements.</param>
/// <param name="IsSpan">Whether it is a span, with a length.</param>
internal sealed record Pointer(string Name, ElementType Element, bool IsSpan = false)
{
    /// <summary>A pointer to floats.</summary>
    public Pointer(string name)
        : this(name, ElementType.Float)
    {
    }

    public Reference this[Index offset] => new(this, offset);

    public static implicit operator Reference(Pointer pointer) => new(pointer, 0);

    public static Reference operator +(Pointer pointer, Index offset) => new(pointer, offset);
}

/// <summary>A place in memory, a number of elements behind a pointer.</summary>
internal sealed record Reference(Pointer Pointer, Index Offset)
{
    /// <summary>The vector that begins here.</summary>
    public Expression Vector => new Load(this, ElementType.Vector);

    /// <summary>The vector of integers that begins here.</summary>
    public Expression WideInt => new Load(this, ElementType.WideInt);

    /// <summary>The element at this place.</summary>
    public Expression Value => new Load(this, Pointer.Element.Loaded);

    /// <summary>The integer at this place.</summary>
    public Index Integer => new IndexLoad(this);

    /// <summary>The element at this place, in every lane of a vector.</summary>
    public Expression Broadcast => new Broadcast(Value);

    public static Reference operator +(Reference reference, Index offset) => reference with { Offset = reference.Offset + offset };
}

/// <summary>How an operand is used.</summary>
internal enum Access
{
    Read,
    Write,
    ReadWrite,
}
