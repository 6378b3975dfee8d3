namespace Strata.Generator.KernelLanguage;

/// <summary>What a value is, in each lane.</summary>
internal enum ScalarType
{
    /// <summary>No value.</summary>
    None,
    Float,

    /// <summary>The upper half of a float, in memory only: what is loaded of it is a float.</summary>
    BFloat16,
    Double,
    Int,
    UInt,
    Bool,

    /// <summary>One bit for each lane of a vector.</summary>
    Bits,

    /// <summary>A sum of many numbers that also keeps its rounding errors.</summary>
    LongSum,

    /// <summary>What is the same for all samples of a training step.</summary>
    StepContext,
}

/// <summary>The type of an expression.</summary>
/// <param name="Scalar">What each lane holds.</param>
/// <param name="IsWide">Whether there is one in each lane of a vector.</param>
internal readonly record struct ElementType(ScalarType Scalar, bool IsWide = false)
{
    public static readonly ElementType None = new(ScalarType.None);
    public static readonly ElementType Vector = new(ScalarType.Float, IsWide: true);
    public static readonly ElementType Mask = new(ScalarType.Bool, IsWide: true);
    public static readonly ElementType WideInt = new(ScalarType.Int, IsWide: true);
    public static readonly ElementType WideUInt = new(ScalarType.UInt, IsWide: true);
    public static readonly ElementType LongSum = new(ScalarType.LongSum, IsWide: true);
    public static readonly ElementType Float = new(ScalarType.Float);
    public static readonly ElementType BFloat16 = new(ScalarType.BFloat16);
    public static readonly ElementType Double = new(ScalarType.Double);
    public static readonly ElementType Int = new(ScalarType.Int);
    public static readonly ElementType UInt = new(ScalarType.UInt);
    public static readonly ElementType Bool = new(ScalarType.Bool);
    public static readonly ElementType Bits = new(ScalarType.Bits);
    public static readonly ElementType BlockSum = new(ScalarType.LongSum);
    public static readonly ElementType StepContext = new(ScalarType.StepContext);
}
