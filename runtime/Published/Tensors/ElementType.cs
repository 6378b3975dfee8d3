using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>A type of a tensor's numbers.</summary>
/// <param name="Storage">PyTorch's storages of it: <c>FloatStorage</c>; empty if it has none.</param>
/// <param name="Safetensors">Its name in safetensors files: <c>F32</c>.</param>
/// <param name="Size">Bytes of a number.</param>
internal sealed record ElementType(string Storage, string Safetensors, int Size)
{
    public static readonly ElementType F64 = new("DoubleStorage", "F64", 8);
    public static readonly ElementType F32 = new("FloatStorage", "F32", 4);
    public static readonly ElementType F16 = new("HalfStorage", "F16", 2);
    public static readonly ElementType BF16 = new("BFloat16Storage", "BF16", 2);
    public static readonly ElementType I64 = new("LongStorage", "I64", 8);
    public static readonly ElementType I32 = new("IntStorage", "I32", 4);
    public static readonly ElementType I16 = new("ShortStorage", "I16", 2);
    public static readonly ElementType I8 = new("CharStorage", "I8", 1);
    public static readonly ElementType U8 = new("ByteStorage", "U8", 1);

    // PyTorch before 2.3 has none of these.
    public static readonly ElementType U64 = new("", "U64", 8);
    public static readonly ElementType U32 = new("", "U32", 4);
    public static readonly ElementType U16 = new("", "U16", 2);

    /// <summary>All types whose storages have a name of their own, under it.</summary>
    public static readonly IReadOnlyDictionary<string, ElementType> ByStorage = new ElementType[]
    {
        F64, F32, F16, BF16, I64, I32, I16, I8, U8,
        new("BoolStorage", "BOOL", 1),
        new("ComplexFloatStorage", "C64", 8),
        new("ComplexDoubleStorage", "C128", 16),
    }.ToDictionary(type => type.Storage);
}
