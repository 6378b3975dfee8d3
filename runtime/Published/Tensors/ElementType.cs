using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>A type of a tensor's numbers.</summary>
/// <param name="Storage">PyTorch's storages of it: <c>FloatStorage</c>.</param>
/// <param name="Safetensors">Its name in safetensors files: <c>F32</c>.</param>
/// <param name="Size">Bytes of a number.</param>
internal sealed record ElementType(string Storage, string Safetensors, int Size)
{
    /// <summary>All types whose storages have a name of their own, under it.</summary>
    public static readonly IReadOnlyDictionary<string, ElementType> ByStorage = new ElementType[]
    {
        new("DoubleStorage", "F64", 8),
        new("FloatStorage", "F32", 4),
        new("HalfStorage", "F16", 2),
        new("BFloat16Storage", "BF16", 2),
        new("LongStorage", "I64", 8),
        new("IntStorage", "I32", 4),
        new("ShortStorage", "I16", 2),
        new("CharStorage", "I8", 1),
        new("ByteStorage", "U8", 1),
        new("BoolStorage", "BOOL", 1),
        new("ComplexFloatStorage", "C64", 8),
        new("ComplexDoubleStorage", "C128", 16),
    }.ToDictionary(type => type.Storage);
}
