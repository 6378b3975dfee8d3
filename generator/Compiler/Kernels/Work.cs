namespace Strata.Compiler.Kernels;

/// <summary>The items of a step, which threads can divide among themselves.</summary>
internal enum WorkAxis
{
    /// <summary>The step cannot be divided.</summary>
    None,

    /// <summary>Output channels, or blocks or tiles of them: if the weights are larger than the inputs.</summary>
    Channels,

    /// <summary>Rows of outputs, or tiles of them: if the inputs are larger than the weights.</summary>
    Rows,

    /// <summary>Tiles of channels and rows, if there are few of each.</summary>
    Tiles,

    /// <summary>Panels of a dense layer's weights.</summary>
    Panels,

    /// <summary>Elements, or vectors of elements.</summary>
    Elements,
}

/// <summary>
/// How a step may be divided. An item is an iteration of the kernel's loop along the axis. A kernel with items takes the range of items to
/// compute as parameters. An output is always computed by one item, with its terms in the same order.
/// </summary>
/// <param name="Run">Number of neighbouring items that share a preparation, such as a copy of pixels. A call that does some of them does
/// the whole preparation.</param>
/// <param name="Ready">Floats that the preparation writes.</param>
/// <param name="ChangesBits">Whether the results of parts would have to be added, so that the last bits would depend on the division. Such
/// a kernel takes no range.</param>
internal readonly record struct Work(WorkAxis Axis, int Items, int Run = 1, int Ready = 0, bool ChangesBits = false)
{
    /// <summary>One thread does all of it.</summary>
    public static readonly Work Whole = new(WorkAxis.None, 1);

    /// <summary>Whether the kernel takes a range of items.</summary>
    public bool HasRange => Axis != WorkAxis.None && !ChangesBits;

    /// <summary>The work of a loop over items. One that runs once cannot be divided.</summary>
    public static Work Over(WorkAxis axis, int items) => items == 1 ? Whole : new(axis, items);
}
