namespace Strata.Generator.KernelLanguage;

/// <summary>Something in memory that has a name: an operand of the kernel, a local that refers into one, or a list.</summary>
/// <param name="Element">What stands there, one behind the other.</param>
/// <param name="IsSpan">Whether it knows how long it is.</param>
internal sealed record Pointer(string Name, ElementType Element, bool IsSpan = false)
{
    /// <summary>To floats.</summary>
    public Pointer(string name)
        : this(name, ElementType.Float)
    {
    }

    public Reference this[Index offset] => new(this, offset);

    public static implicit operator Reference(Pointer pointer) => new(pointer, 0);

    public static Reference operator +(Pointer pointer, Index offset) => new(pointer, offset);
}

/// <summary>A place, some elements behind where a pointer points to.</summary>
internal sealed record Reference(Pointer Pointer, Index Offset)
{
    /// <summary>The vector that begins here.</summary>
    public Expression Vector => new Load(this, ElementType.Vector);

    /// <summary>The vector of integers that begins here.</summary>
    public Expression WideInt => new Load(this, ElementType.WideInt);

    /// <summary>The element that stands here.</summary>
    public Expression Value => new Load(this, Pointer.Element);

    /// <summary>The integer that stands here.</summary>
    public Index Integer => new IndexLoad(this);

    /// <summary>The element that stands here, in every lane.</summary>
    public Expression Broadcast => new Broadcast(Value);

    public static Reference operator +(Reference reference, Index offset) => reference with { Offset = reference.Offset + offset };
}

/// <summary>What is done with an operand.</summary>
internal enum Access
{
    Read,
    Write,
    ReadWrite,
}
