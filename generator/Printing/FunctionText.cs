using System;
using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Generator.Printing;

/// <summary>How a call is written in C#.</summary>
internal enum CallForm
{
    /// <summary>As <c>name(x, y)</c>.</summary>
    Static,

    /// <summary>As <c>x.name(y)</c>.</summary>
    Method,

    /// <summary>As <c>x.name</c>.</summary>
    Property,
}

/// <summary>
/// What functions of the kernel language are called in C#. <c>Simd</c> is the class of vectors of the tier's width, and <c>Scalar</c> has
/// the same methods for single floats.
/// </summary>
internal static class FunctionText
{
    private const string Vectors = "Simd", Floats = "Scalar";

    private static readonly Dictionary<string, (CallForm Form, string Name)> OfIntrinsics = new(StringComparer.Ordinal)
    {
        [nameof(Intrinsics.Shuffle)] = (CallForm.Static, "Simd.Shuffle"),
        [nameof(Intrinsics.LaneNumbers)] = (CallForm.Static, "Simd.CreateSequence"),
        [nameof(Intrinsics.LowerHalves)] = (CallForm.Static, "Simd.Create"),
        ["LowerHalf"] = (CallForm.Method, "GetLower"),
        [nameof(Intrinsics.ScalarMax)] = (CallForm.Static, "MathF.Max"),
        [nameof(Intrinsics.DoubleMax)] = (CallForm.Static, "Math.Max"),
        [nameof(Intrinsics.DoubleMin)] = (CallForm.Static, "Math.Min"),
        [nameof(Intrinsics.DoubleFloor)] = (CallForm.Static, "Math.Floor"),
        [nameof(Intrinsics.DoubleCeiling)] = (CallForm.Static, "Math.Ceiling"),
        [nameof(Intrinsics.ToScalar)] = (CallForm.Method, "ToScalar"),
        [nameof(Intrinsics.GetLane)] = (CallForm.Method, "GetElement"),
        [nameof(Intrinsics.WithLane)] = (CallForm.Method, "WithElement"),
        [nameof(Intrinsics.LaneBits)] = (CallForm.Method, "ExtractMostSignificantBits"),
        [nameof(Intrinsics.Range)] = (CallForm.Static, "MemoryMarshal.CreateSpan"),
        [nameof(Intrinsics.ReadRange)] = (CallForm.Static, "MemoryMarshal.CreateReadOnlySpan"),
        [nameof(Intrinsics.Fill)] = (CallForm.Method, "Fill"),
        [nameof(Intrinsics.Clear)] = (CallForm.Method, "Clear"),
        [nameof(Intrinsics.Copy)] = (CallForm.Method, "CopyTo"),
    };

    /// <summary>Intrinsics of vectors that <c>Scalar</c> has, too, under the name that they have here.</summary>
    private static readonly HashSet<string> OfBoth = new(StringComparer.Ordinal)
    {
        nameof(Intrinsics.Sum), nameof(Intrinsics.AndNot), nameof(Intrinsics.IsNaN), nameof(Intrinsics.FusedMultiplyAdd),
        nameof(Intrinsics.MultiplyAddEstimate),
    };

    /// <summary>What a function without a body of its own is called.</summary>
    /// <param name="isWide">Whether the call is of vectors.</param>
    public static (CallForm Form, string Name) Of(Function function, bool isWide) => function switch
    {
        RuntimeMember { Receiver: null } member => (CallForm.Static, $"{NameOf(member.Owner)}.{member.Name}"),
        RuntimeMember member => (member.IsProperty ? CallForm.Property : CallForm.Method, member.Name),
        { Home: FunctionClass.Mathematical } => (CallForm.Static, $"{RuntimeApi.VectorMath.Name}.{function.Name}"),
        { Home: FunctionClass.Intrinsic } when OfIntrinsics.TryGetValue(function.Name, out (CallForm, string) text) => text,
        { Home: FunctionClass.Instruction } => (CallForm.Static, $"{(isWide ? Vectors : Floats)}.{function.Name}"),
        { Home: FunctionClass.Intrinsic } when OfBoth.Contains(function.Name) =>
            (CallForm.Static, $"{(isWide ? Vectors : Floats)}.{function.Name}"),
        _ => throw new InvalidOperationException($"{function.Home} {function.Name} has no text."),
    };

    /// <summary>The name of a type of the runtime in kernels: that of one width has an alias there.</summary>
    public static string NameOf(RuntimeType type) => type == RuntimeApi.LongSum ? "LongSum" : type.Name;
}
