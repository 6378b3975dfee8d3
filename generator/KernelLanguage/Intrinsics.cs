using System.Collections.Generic;

namespace Strata.Generator.KernelLanguage;

/// <summary>Functions of kernels that formulas do not have: those of lanes, of bits, and of the runtime.</summary>
internal static class Intrinsics
{
    private static readonly Function OfSum = Simd("Sum", ElementType.Float);
    private static readonly Function OfShuffle = Simd("Shuffle");
    private static readonly Function OfAndNot = Simd("AndNot");
    private static readonly Function OfIsNaN = Simd("IsNaN", ElementType.Mask);
    private static readonly Function OfSequence = Simd("CreateSequence", ElementType.Vector);
    private static readonly Function OfHalves = Simd("Create");
    private static readonly Function OfFused = Simd("FusedMultiplyAdd");
    private static readonly Function OfEstimate = Simd("MultiplyAddEstimate");
    private static readonly Function OfScalarMax = Of("MathF.Max", ElementType.Float);
    private static readonly Function OfDoubleMax = Of("Math.Max", ElementType.Double), OfDoubleMin = Of("Math.Min", ElementType.Double);
    private static readonly Function OfLower = Method("GetLower", null);
    private static readonly Function OfScalar = Method("ToScalar", ElementType.Float);
    private static readonly Function OfGet = Method("GetElement", ElementType.Float);
    private static readonly Function OfWith = Method("WithElement", null);
    private static readonly Function OfBits = Method("ExtractMostSignificantBits", ElementType.LaneBits(64) with { IsWide = true });
    private static readonly Function OfAdd = Method("Add", ElementType.None);
    private static readonly Function OfFill = Method("Fill", ElementType.None);
    private static readonly Function OfClear = Method("Clear", ElementType.None);

    /// <summary>The sum of all lanes.</summary>
    public static Expression Sum(Expression x) => new Call(OfSum, x);

    /// <summary>The lanes in another order.</summary>
    public static Expression Shuffle(Expression x, IEnumerable<int> order) =>
        new Call(OfShuffle, x, new LaneConstants(order.ToEquatableArray()));

    /// <summary>A value where a mask is false, 0 elsewhere.</summary>
    public static Expression AndNot(Expression x, Expression mask) => new Call(OfAndNot, x, mask);

    public static Expression IsNaN(Expression x) => new Call(OfIsNaN, x);

    /// <summary>The number of each lane.</summary>
    public static Expression LaneNumbers => new Call(OfSequence, Constant.Single(0), Constant.Single(1));

    /// <summary>A mask of the lanes before a given one.</summary>
    public static Expression LanesBefore(Expression end) => LaneNumbers < new Broadcast(end);

    /// <summary>The lower halves of two vectors as one vector.</summary>
    public static Expression LowerHalves(Expression first, Expression second) =>
        new Call(OfHalves, new Call(OfLower, first), new Call(OfLower, second));

    /// <summary>left · right + addend, rounded once.</summary>
    public static Expression FusedMultiplyAdd(Expression left, Expression right, Expression addend) =>
        new Call(OfFused, left, right, addend);

    /// <summary>left · right + addend, rounded once or twice, whichever is faster on the processor.</summary>
    public static Expression MultiplyAddEstimate(Expression left, Expression right, Expression addend) =>
        new Call(OfEstimate, left, right, addend);

    /// <summary>The larger one of two floats; NaN if one is NaN.</summary>
    public static Expression ScalarMax(Expression left, Expression right) => new Call(OfScalarMax, left, right);

    public static Expression DoubleMax(Expression left, Expression right) => new Call(OfDoubleMax, left, right);

    public static Expression DoubleMin(Expression left, Expression right) => new Call(OfDoubleMin, left, right);

    /// <summary>The first lane.</summary>
    public static Expression ToScalar(Expression x) => new Call(OfScalar, x);

    public static Expression GetLane(Expression x, Index lane) => new Call(OfGet, x, lane);

    public static Expression WithLane(Expression x, Index lane, Expression value) => new Call(OfWith, x, lane, value);

    /// <summary>A bit for each lane: whether a mask is true, or the sign.</summary>
    public static Expression LaneBits(Expression x) => new Call(OfBits, x);

    /// <summary>
    /// Whether an element replaces the largest one so far, as in PyTorch: of equal elements the first is kept, of several NaNs the last.
    /// </summary>
    public static Expression ReplacesMaximum(Expression element, Expression largest) => (element > largest) | IsNaN(element);

    /// <summary>Adds to a long sum.</summary>
    public static Call AddTo(Expression sum, Expression value) => new(OfAdd, sum, value);

    /// <summary>All elements of a span.</summary>
    public static Call Fill(Pointer span, Expression value) => new(OfFill, new AddressOf(span), value);

    /// <summary>Zeros in all of a span.</summary>
    public static Call Clear(Pointer span) => new(OfClear, new AddressOf(span));

    /// <summary>Prefetches a cache line that will be read soon.</summary>
    public static Call Prefetch(Reference place) => Runtime("VectorMath.Prefetch", ElementType.None, new AddressOf(place));

    /// <summary>Prefetches a cache line that will be read later, into the second-level cache only.</summary>
    public static Call PrefetchL2(Reference place) => Runtime("VectorMath.PrefetchL2", ElementType.None, new AddressOf(place));

    /// <summary>A function of the runtime.</summary>
    public static Call Runtime(string name, ElementType result, params Expression[] arguments) => new(Of(name, result), arguments);

    public static Expression Property(Expression x, string name, ElementType type) =>
        new Call(new Function(name, FunctionClass.Property) { Result = type }, x);

    public static Expression Method(Expression x, string name, ElementType type, params Expression[] arguments) =>
        new Call(Method(name, type), [x, .. arguments]);

    private static Function Simd(string name, ElementType? result = null) =>
        new(name, FunctionClass.Simd) { Result = result, Vectors = int.MaxValue };

    private static Function Method(string name, ElementType? result) => new(name, FunctionClass.Method) { Result = result };

    private static Function Of(string name, ElementType result) => new(name, FunctionClass.Static) { Result = result };
}
