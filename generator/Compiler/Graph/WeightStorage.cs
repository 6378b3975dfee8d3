using System;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Graph;

/// <summary>
/// How the weights of dense layers are stored. The order of values is that of the runtime's enum. A storage is named as its type of
/// elements, and so is the class of the runtime that loads vectors of them (<see cref="RuntimeApi"/>).
/// </summary>
internal enum WeightStorage
{
    Float32,
    BFloat16,
}

/// <summary>What follows from a storage of weights.</summary>
internal static class WeightStorages
{
    /// <summary>The type of the weights in memory.</summary>
    public static ElementType Element(this WeightStorage storage) => storage switch
    {
        WeightStorage.Float32 => ElementType.Float,
        WeightStorage.BFloat16 => ElementType.BFloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(storage), storage, "Weights are not stored so."),
    };
}
