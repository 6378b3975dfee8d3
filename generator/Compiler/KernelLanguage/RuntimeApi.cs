using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>A type of the runtime that kernels use.</summary>
/// <param name="Name">Its name in <c>Strata.CompilerServices</c>.</param>
/// <param name="HasWidth">Whether there is one for each width of vectors, whose name ends with the bits: <c>BlockSum512</c>.</param>
internal sealed record RuntimeType(string Name, bool HasWidth = false)
{
    /// <summary>Its name for vectors of a width.</summary>
    public string NameFor(int bits) => HasWidth ? Name + Arithmetic.Number(bits) : Name;
}

/// <summary>A parameter of a member of the runtime.</summary>
/// <param name="Type">Its type; none if any type will do.</param>
/// <param name="IsPlace">Whether it refers to a place in memory.</param>
internal readonly record struct RuntimeParameter(ElementType Type, bool IsPlace = false)
{
    public static implicit operator RuntimeParameter(ElementType type) => new(type);
}

/// <summary>A method or property of the runtime. <see cref="RuntimeApi"/> lists all of them.</summary>
/// <param name="owner">The type that has it.</param>
/// <param name="receiver">The type of the value whose member it is; null if it is static.</param>
/// <param name="parameters">The parameters, without the receiver.</param>
internal sealed class RuntimeMember(
    RuntimeType owner, string name, ElementType result, ElementType? receiver, bool isProperty, RuntimeParameter[] parameters)
    : Function(name, FunctionClass.Runtime, result: result)
{
    public RuntimeType Owner => owner;

    public ElementType? Receiver => receiver;

    public bool IsProperty => isProperty;

    public IReadOnlyList<RuntimeParameter> Parameters => parameters;

    /// <summary>A call, behind whose receiver the arguments stand.</summary>
    /// <exception cref="ArgumentException">The arguments are not what the member takes.</exception>
    public Call Call(params Expression[] arguments)
    {
        RuntimeParameter[] expected = receiver is { } type ? [type, .. parameters] : parameters;
        if (arguments.Length != expected.Length)
        {
            throw new ArgumentException($"{this} takes {expected.Length} arguments; found {arguments.Length}.", nameof(arguments));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            AddressOf? place = arguments[i] as AddressOf;
            ElementType found = place?.Target.Pointer.Element ?? arguments[i].Type;
            bool isReceiver = receiver is not null && i == 0;
            if ((!isReceiver && (place is not null) != expected[i].IsPlace)
                || (expected[i].Type != ElementType.None && found != expected[i].Type))
            {
                throw new ArgumentException(
                    $"Argument {i + 1} of {this}: expected {Describe(expected[i])}, found {Describe(new(found, place is not null))}.",
                    nameof(arguments));
            }
        }

        return new Call(this, arguments);
    }

    /// <summary>There is one object for each member.</summary>
    public override bool Equals(Function? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => $"{owner.Name}.{Name}";

    private static string Describe(RuntimeParameter parameter) => $"{parameter.Type}{(parameter.IsPlace ? " in memory" : "")}";
}

/// <summary>
/// The members of the runtime that kernels call. Only this table and <c>Printing</c> name them; <c>RuntimeApiTests</c> compares it with
/// Strata.dll. The runtime has the mathematical functions, too: they are in <see cref="Functions"/>, since formulas know them.
/// </summary>
internal static class RuntimeApi
{
    /// <summary>Sums of vectors that keep their rounding errors.</summary>
    public static readonly RuntimeType LongSum = new("BlockSum", HasWidth: true);

    /// <summary>Mathematical functions of vectors, and memory.</summary>
    public static readonly RuntimeType VectorMath = new("VectorMath");

    private static readonly RuntimeType BatchStatistics = new("BatchStatistics"), SampleLanes = new("SampleLanes"),
        RandomLanes = new("RandomLanes"), BlockSum = new("BlockSum"), StepContext = new("StepContext"), TopElements = new("TopElements"),
        IntegerProducts = new("IntegerProducts");

    private static readonly RuntimeParameter Floats = new(ElementType.Float, IsPlace: true), Any = new(ElementType.None, IsPlace: true),
        Integers = new(ElementType.Int, IsPlace: true);
    private static readonly RuntimeParameter Int = ElementType.Int, Float = ElementType.Float, Step = ElementType.StepContext,
        Vector = ElementType.Vector, WideInt = ElementType.WideInt;

    /// <summary>Combines means and squares of a block's samples.</summary>
    public static readonly RuntimeMember CombineSamples = Method(
        BatchStatistics, "CombineSamples", Floats, Int, Int, Int, Int, Int, Floats);

    /// <summary>Combines means and variances of all blocks, and updates the running statistics.</summary>
    public static readonly RuntimeMember CombineBlocks = Method(
        BatchStatistics, "Combine", Floats, Int, Step, Int, Int, Int, Int, Float, Float, Floats, Floats, Floats, Floats, Floats);

    /// <summary>Adds what a block's samples have left.</summary>
    public static readonly RuntimeMember SumSamples = Method(BatchStatistics, "SumSamples", Floats, Int, Int, Int, Floats);

    /// <summary>Copies a block's sums to the gradients of batch norm's parameters.</summary>
    public static readonly RuntimeMember CopySums = Method(BatchStatistics, "Copy", Floats, Int, Int, Floats, Floats);

    /// <summary>Adds what all blocks have left, as means over the batch.</summary>
    public static readonly RuntimeMember MeansOfBlocks = Method(BatchStatistics, "Sum", Floats, Int, Step, Int, Int, Int, Floats);

    /// <summary>Adds a vector to one in memory, whose rounding errors are in memory, too.</summary>
    public static readonly RuntimeMember AddInMemory = Method(LongSum, "Add", Floats, Floats, ElementType.Vector);

    /// <summary>Finds the largest or the smallest floats, and their indices.</summary>
    public static readonly RuntimeMember Largest = Method(TopElements, "Largest", Floats, Int, Int, Floats, Floats, Int, Int),
        Smallest = Method(TopElements, "Smallest", Floats, Int, Int, Floats, Floats, Int, Int);

    public static readonly RuntimeMember Prefetch = Method(VectorMath, "Prefetch", Any), PrefetchL2 = Method(VectorMath, "PrefetchL2", Any);

    /// <summary>Adds the products of four bytes in each lane, or of two numbers of 16 bits.</summary>
    public static readonly RuntimeMember
        AddQuads = Returns(IntegerProducts, "AddQuads", ElementType.WideInt, WideInt, WideInt, WideInt),
        AddPairs = Returns(IntegerProducts, "AddPairs", ElementType.WideInt, WideInt, WideInt, WideInt);

    /// <summary>Several integers of few bits in each lane.</summary>
    public static readonly RuntimeMember
        QuadsOf = Returns(IntegerProducts, "QuadsOf", ElementType.WideInt, Vector, Vector, Vector, Vector),
        PairsOf = Returns(IntegerProducts, "PairsOf", ElementType.WideInt, Vector, Vector);

    /// <summary>Conversions between integers and floats.</summary>
    public static readonly RuntimeMember
        ToFloats = Returns(IntegerProducts, "ToFloats", ElementType.Vector, WideInt),
        ToIntegers = Returns(IntegerProducts, "ToIntegers", ElementType.WideInt, Vector);

    /// <summary>Writes integers of few bits, several to a 32-bit number.</summary>
    public static readonly RuntimeMember
        StoreQuads = Method(IntegerProducts, "StoreQuads", Integers, Vector),
        StorePairs = Method(IntegerProducts, "StorePairs", Integers, Vector),
        FillQuads = Method(IntegerProducts, "FillQuads", Integers, Int, Float);

    /// <summary>The number by which a loss divides: samples of the batch, or the sum of their weights.</summary>
    public static readonly RuntimeMember Divisor = Property(StepContext, "Divisor", ElementType.StepContext, ElementType.Double);

    /// <summary>Takes down a sum of losses, and returns its share of the batch's loss.</summary>
    public static readonly RuntimeMember Report = new(
        StepContext, "Report", ElementType.Double, ElementType.StepContext, isProperty: false, [ElementType.Double]);

    private static readonly RuntimeMember AddToLongSum = Adds(LongSum, ElementType.LongSum, ElementType.Vector),
        AddToBlockSum = Adds(BlockSum, ElementType.BlockSum, ElementType.Float),
        LongSumValue = Property(LongSum, "Value", ElementType.LongSum, ElementType.Vector),
        BlockSumValue = Property(BlockSum, "Value", ElementType.BlockSum, ElementType.Float);

    private static readonly Dictionary<int, RuntimeMember> Packs = Each([4, 8, 16],
        lanes => Method(SampleLanes, "Pack" + Arithmetic.Number(lanes), Floats, Int, Int, Int, Floats));
    private static readonly Dictionary<int, RuntimeMember> Unpacks = Each([4, 8, 16],
        lanes => Method(SampleLanes, "Unpack" + Arithmetic.Number(lanes), Floats, Int, Int, Floats, Int));
    private static readonly Dictionary<int, RuntimeMember> Bits = Each([128, 256, 512], bits => Draws("Bits", bits, Step, Int, Int));
    private static readonly Dictionary<int, RuntimeMember> ElementBits = Each([128, 256, 512],
        bits => Draws("ElementBits", bits, Step, Int, Int, Int));

    /// <summary>All of them.</summary>
    public static IEnumerable<RuntimeMember> All =>
    [
        CombineSamples, CombineBlocks, SumSamples, CopySums, MeansOfBlocks, AddInMemory, Largest, Smallest, Prefetch, PrefetchL2, Divisor,
        Report, AddToLongSum, AddToBlockSum, LongSumValue, BlockSumValue, AddQuads, AddPairs, QuadsOf, PairsOf, ToFloats, ToIntegers,
        StoreQuads, StorePairs, FillQuads,
        .. new[] { Packs, Unpacks, Bits, ElementBits }.SelectMany(members => members.Values),
    ];

    /// <summary>Transposes rows of samples into lanes.</summary>
    public static RuntimeMember Pack(int lanes) => Packs[lanes];

    /// <summary>Transposes lanes into rows of samples.</summary>
    public static RuntimeMember Unpack(int lanes) => Unpacks[lanes];

    /// <summary>Random bits for one element of each sample, with samples in lanes.</summary>
    /// <param name="vectorBits">The bits of a vector.</param>
    public static RuntimeMember RandomBits(int vectorBits) => Bits[vectorBits];

    /// <summary>Random bits for elements of one sample, at equal distances.</summary>
    /// <param name="vectorBits">The bits of a vector.</param>
    public static RuntimeMember RandomElementBits(int vectorBits) => ElementBits[vectorBits];

    /// <summary>Adds to a sum that keeps its rounding errors.</summary>
    public static Call AddTo(Expression sum, Expression value) => (sum.Type.IsWide ? AddToLongSum : AddToBlockSum).Call(sum, value);

    /// <summary>The value of such a sum.</summary>
    public static Expression ValueOf(Expression sum) => (sum.Type.IsWide ? LongSumValue : BlockSumValue).Call(sum);

    /// <summary>The member that does for a single float what one does for vectors.</summary>
    public static RuntimeMember LaneOf(RuntimeMember member) =>
        member == AddToLongSum ? AddToBlockSum : member == LongSumValue ? BlockSumValue : member;

    private static RuntimeMember Method(RuntimeType owner, string name, params RuntimeParameter[] parameters) =>
        new(owner, name, ElementType.None, receiver: null, isProperty: false, parameters);

    private static RuntimeMember Returns(RuntimeType owner, string name, ElementType result, params RuntimeParameter[] parameters) =>
        new(owner, name, result, receiver: null, isProperty: false, parameters);

    private static RuntimeMember Property(RuntimeType owner, string name, ElementType receiver, ElementType result) =>
        new(owner, name, result, receiver, isProperty: true, []);

    private static RuntimeMember Adds(RuntimeType owner, ElementType sum, ElementType term) =>
        new(owner, "Add", ElementType.None, sum, isProperty: false, [term]);

    private static RuntimeMember Draws(string name, int bits, params RuntimeParameter[] parameters) =>
        new(RandomLanes, name + Arithmetic.Number(bits), ElementType.WideUInt, receiver: null, isProperty: false, parameters);

    private static Dictionary<int, RuntimeMember> Each(int[] widths, Func<int, RuntimeMember> member) =>
        widths.ToDictionary(width => width, member);
}
