namespace Strata.Generator.Kernels;

/// <summary>What the items are into which a step may be cut, so that several threads share it.</summary>
internal enum WorkAxis
{
    /// <summary>It stays whole.</summary>
    None,

    /// <summary>Output channels, blocks or tiles of them: where weights outweigh inputs.</summary>
    Channels,

    /// <summary>Rows of outputs, or tiles of them: where inputs outweigh weights.</summary>
    Rows,

    /// <summary>Tiles of channels and rows, where there are few of each.</summary>
    Tiles,

    /// <summary>Panels of a dense layer's weights.</summary>
    Panels,

    /// <summary>Elements, or vectors of them, one after the other.</summary>
    Elements,
}

/// <summary>
/// How a step may be cut. An item is a round of the kernel's loops along the axis; a kernel that has items takes the range of those that it
/// is to compute. Every output is computed whole in one item, in the order of a single thread.
/// </summary>
/// <param name="Run">Items in a row for which the same is made ready first; a call that does some of them makes all of it ready.</param>
/// <param name="Ready">Floats that are made ready for a run.</param>
/// <param name="ChangesBits">Whether parts' results would have to be added, so that the last bits would depend on where it is cut: the
/// kernel takes no range.</param>
internal readonly record struct Work(WorkAxis Axis, int Items, int Run = 1, int Ready = 0, bool ChangesBits = false)
{
    /// <summary>One thread does all of it.</summary>
    public static readonly Work Whole = new(WorkAxis.None, 1);

    /// <summary>Whether the kernel takes a range of items.</summary>
    public bool HasRange => Axis != WorkAxis.None && !ChangesBits;

    /// <summary>Of a loop that is left out where it would run once.</summary>
    public static Work Of(WorkAxis axis, int items) => items == 1 ? Whole : new(axis, items);
}
