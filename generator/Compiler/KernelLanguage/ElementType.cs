using System;
using System.Globalization;

namespace Strata.Compiler.KernelLanguage;

/// <summary>What the bits of an element stand for.</summary>
internal enum ElementKind
{
    /// <summary>No value.</summary>
    None,

    /// <summary>A number of IEEE 754.</summary>
    Float,

    /// <summary>The upper bits of a float. It is a type of memory only: loads convert it to a float.</summary>
    BFloat,
    Int,
    UInt,
    Bool,

    /// <summary>One bit for each lane of a vector.</summary>
    LaneBits,

    /// <summary>A sum that keeps its rounding errors. Its size is the runtime's business, so <see cref="ElementType.Bits"/> is 0.</summary>
    LongSum,

    /// <summary>What is the same for all samples of a training step. Its <see cref="ElementType.Bits"/> are 0, too.</summary>
    StepContext,
}

/// <summary>The type of an expression, of a place in memory or of a tensor's elements, as Halide's <c>Type</c>.</summary>
/// <param name="Kind">What the bits stand for.</param>
/// <param name="Bits">The bits of one element.</param>
/// <param name="IsWide">
/// Whether it is a vector. A kernel's vectors are all as long as its tier's, so <see cref="LanesIn"/> says the number of lanes.
/// </param>
internal readonly record struct ElementType(ElementKind Kind, int Bits, bool IsWide = false)
{
    public static readonly ElementType None;
    public static readonly ElementType Float = new(ElementKind.Float, 32);
    public static readonly ElementType Double = new(ElementKind.Float, 64);
    public static readonly ElementType BFloat16 = new(ElementKind.BFloat, 16);
    public static readonly ElementType Int = new(ElementKind.Int, 32);
    public static readonly ElementType UInt = new(ElementKind.UInt, 32);
    public static readonly ElementType Bool = new(ElementKind.Bool, 8);

    /// <summary>A sum of floats that keeps its rounding errors.</summary>
    public static readonly ElementType BlockSum = new(ElementKind.LongSum, 0);
    public static readonly ElementType StepContext = new(ElementKind.StepContext, 0);

    /// <summary>A vector of floats, which is what formulas compute with.</summary>
    public static readonly ElementType Vector = Float with { IsWide = true };

    /// <summary>What a comparison of vectors gives: all bits of a lane are 1, or all are 0.</summary>
    public static readonly ElementType Mask = new(ElementKind.Bool, 32, IsWide: true);
    public static readonly ElementType WideInt = Int with { IsWide = true };
    public static readonly ElementType WideUInt = UInt with { IsWide = true };

    /// <summary>A sum in each lane of a vector.</summary>
    public static readonly ElementType LongSum = BlockSum with { IsWide = true };

    public int Bytes => Bits / 8;

    /// <summary>The type of an element once it is loaded. Types of memory only become floats.</summary>
    public ElementType Loaded => Kind == ElementKind.BFloat ? Float : this;

    /// <summary>The type of a single lane.</summary>
    public ElementType Lane => Kind == ElementKind.Bool ? Bool : this with { IsWide = false };

    /// <summary>The unsigned integer that has a bit for each lane: 8 bits at least, since memory has no less.</summary>
    public static ElementType LaneBits(int lanes) => new(ElementKind.LaneBits, Math.Max(8, lanes));

    /// <summary>The number of elements in one value.</summary>
    /// <param name="vectorBits">The bits of the tier's vectors.</param>
    public int LanesIn(int vectorBits) => IsWide ? vectorBits / Bits : 1;

    /// <summary>For messages: <c>Float32</c>, <c>Int8 vector</c>.</summary>
    public override string ToString() =>
        $"{Kind}{(Bits > 0 ? Bits.ToString(CultureInfo.InvariantCulture) : "")}{(IsWide ? " vector" : "")}";
}
