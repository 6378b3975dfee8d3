using System;

namespace Strata.Onnx;

/// <summary>How a network becomes an ONNX file.</summary>
public sealed record OnnxSaveOptions
{
    /// <summary>The oldest version of ONNX's operators that can be written.</summary>
    public const int MinOpsetVersion = 13;

    /// <summary>The newest version of ONNX's operators that can be written.</summary>
    public const int MaxOpsetVersion = 23;

    /// <summary>The version of ONNX's operators, from 13 to 23; 17 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is another.</exception>
    public int OpsetVersion
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinOpsetVersion, nameof(OpsetVersion));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxOpsetVersion, nameof(OpsetVersion));
            field = value;
        }
    } = 17;

    /// <summary>
    /// The number of samples of a call, at least 1. Null by default: then the file takes any number, and its first axis is named <c>N</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? BatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(BatchSize));
            field = value;
        }
    }

    /// <summary>
    /// Whether the file takes inputs of several sizes, as the network does (<see cref="CompiledNetwork.At"/>). The axes that differ between
    /// the sizes get names, such as <c>height</c> and <c>width</c>. Each node must be the same at all sizes: the nodes are compared at the
    /// network's sizes or, if these are all multiples of a number, at three of them. Default false: the file has the network's own size.
    /// </summary>
    public bool DynamicSizes { get; init; }

    /// <summary>
    /// The largest file in bytes. If the network does not fit, its weights go into a second file beside it, which is named
    /// <c>model.onnx.data</c> if the file is named <c>model.onnx</c>. By default, and at most, this is 2 GB: an ONNX file cannot be larger.
    /// Streams hold one file.
    /// </summary>
    public long MaxFileLength { get; init; } = int.MaxValue;
}
