using System.Collections.Generic;

namespace Strata.Compiler.KernelLanguage;

/// <summary>Functions of kernels that formulas do not have: those of lanes, of bits and of memory.</summary>
internal static class Intrinsics
{
    private static readonly Function OfSum = Intrinsic(nameof(Sum), ElementType.Float);
    private static readonly Function OfShuffle = Intrinsic(nameof(Shuffle));
    private static readonly Function OfAndNot = Intrinsic(nameof(AndNot));
    private static readonly Function OfIsNaN = Intrinsic(nameof(IsNaN), ElementType.Mask);
    private static readonly Function OfLaneNumbers = Intrinsic(nameof(LaneNumbers), ElementType.Vector);
    private static readonly Function OfLowerHalves = Intrinsic(nameof(LowerHalves));
    private static readonly Function OfLowerHalf = Intrinsic("LowerHalf");
    private static readonly Function OfFused = Intrinsic(nameof(FusedMultiplyAdd));
    private static readonly Function OfEstimate = Intrinsic(nameof(MultiplyAddEstimate));
    private static readonly Function OfScalarMax = Intrinsic(nameof(ScalarMax), ElementType.Float);
    private static readonly Function OfDoubleMax = Intrinsic(nameof(DoubleMax), ElementType.Double);
    private static readonly Function OfDoubleMin = Intrinsic(nameof(DoubleMin), ElementType.Double);
    private static readonly Function OfDoubleFloor = Intrinsic(nameof(DoubleFloor), ElementType.Double);
    private static readonly Function OfDoubleCeiling = Intrinsic(nameof(DoubleCeiling), ElementType.Double);
    private static readonly Function OfFirstLane = Intrinsic(nameof(ToScalar), ElementType.Float);
    private static readonly Function OfGetLane = Intrinsic(nameof(GetLane), ElementType.Float);
    private static readonly Function OfWithLane = Intrinsic(nameof(WithLane));
    private static readonly Function OfLaneBits = Intrinsic(nameof(LaneBits), ElementType.LaneBits(64) with { IsWide = true });
    private static readonly Function OfRange = Intrinsic(nameof(Range), ElementType.None);
    private static readonly Function OfReadRange = Intrinsic(nameof(ReadRange), ElementType.None);
    private static readonly Function OfFill = Intrinsic(nameof(Fill), ElementType.None);
    private static readonly Function OfClear = Intrinsic(nameof(Clear), ElementType.None);
    private static readonly Function OfCopy = Intrinsic(nameof(Copy), ElementType.None);

    /// <summary>The sum of all lanes.</summary>
    public static Expression Sum(Expression x) => new Call(OfSum, x);

    /// <summary>The lanes in another order.</summary>
    public static Expression Shuffle(Expression x, IEnumerable<int> order) =>
        new Call(OfShuffle, x, new LaneConstants(order.ToEquatableArray()));

    /// <summary>A value where a mask is false, 0 elsewhere.</summary>
    public static Expression AndNot(Expression x, Expression mask) => new Call(OfAndNot, x, mask);

    public static Expression IsNaN(Expression x) => new Call(OfIsNaN, x);

    /// <summary>The number of each lane.</summary>
    public static Expression LaneNumbers => new Call(OfLaneNumbers, Constant.Single(0), Constant.Single(1));

    /// <summary>A mask of the lanes before a given one.</summary>
    public static Expression LanesBefore(Expression end) => LaneNumbers < new Broadcast(end);

    /// <summary>The lower halves of two vectors as one vector.</summary>
    public static Expression LowerHalves(Expression first, Expression second) =>
        new Call(OfLowerHalves, new Call(OfLowerHalf, first), new Call(OfLowerHalf, second));

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

    public static Expression DoubleFloor(Expression x) => new Call(OfDoubleFloor, x);

    public static Expression DoubleCeiling(Expression x) => new Call(OfDoubleCeiling, x);

    /// <summary>The first lane.</summary>
    public static Expression ToScalar(Expression x) => new Call(OfFirstLane, x);

    public static Expression GetLane(Expression x, Index lane) => new Call(OfGetLane, x, lane);

    public static Expression WithLane(Expression x, Index lane, Expression value) => new Call(OfWithLane, x, lane, value);

    /// <summary>A bit for each lane: whether a mask is true, or the sign.</summary>
    public static Expression LaneBits(Expression x) => new Call(OfLaneBits, x);

    /// <summary>
    /// Whether an element replaces the largest one so far, as in PyTorch: of equal elements the first is kept, of several NaNs the last.
    /// </summary>
    public static Expression ReplacesMaximum(Expression element, Expression largest) => (element > largest) | IsNaN(element);

    /// <summary>The elements of memory from a place on, to be written.</summary>
    public static Call Range(Reference first, Index length) => new(OfRange, new AddressOf(first), length);

    /// <summary>The same, to be read only.</summary>
    public static Call ReadRange(Reference first, Index length) => new(OfReadRange, new AddressOf(first), length);

    /// <summary>Sets all elements of a span.</summary>
    public static Call Fill(Pointer span, Expression value) => new(OfFill, new AddressOf(span), value);

    /// <summary>Sets all elements of a span to zero.</summary>
    public static Call Clear(Pointer span) => new(OfClear, new AddressOf(span));

    /// <summary>Sets elements in memory to zero.</summary>
    public static Call Clear(Reference first, Index length) => new(OfClear, Range(first, length));

    /// <summary>Copies elements in memory.</summary>
    public static Call Copy(Reference from, Reference to, Index length) => new(OfCopy, ReadRange(from, length), Range(to, length));

    /// <summary>Prefetches a cache line that will be read soon.</summary>
    public static Call Prefetch(Reference place) => RuntimeApi.Prefetch.Call(new AddressOf(place));

    /// <summary>Prefetches a cache line that will be read later, into the second-level cache only.</summary>
    public static Call PrefetchL2(Reference place) => RuntimeApi.PrefetchL2.Call(new AddressOf(place));

    private static Function Intrinsic(string name, ElementType? result = null) => new(name, FunctionClass.Intrinsic) { Result = result };
}
