using System;

namespace Strata.Imaging;

/// <summary>What a diagram shows.</summary>
public sealed record DiagramOptions
{
    /// <summary>
    /// How far blocks are opened. At level 1, the default, everything below <c>layer1</c> is one box; at level 2, <c>layer1.0</c> and
    /// <c>layer1.1</c> are boxes. At a level as high as the names have parts, each layer is drawn.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Level
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Level), value, "Levels begin at 1.");
    } = 1;

    /// <summary>
    /// The name of a block that is drawn alone, such as <c>layer1.0</c>. Its inputs are the tensors that it reads from outside, and its
    /// outputs those that are read there. Levels count from the block. Null, the default, draws the whole network. If no block has the
    /// name, <c>Diagram</c> throws <see cref="ArgumentException"/>.
    /// </summary>
    public string? Block { get; init; }

    /// <summary>
    /// Whether layers that only training computes are drawn, such as auxiliary heads. Default false.
    /// </summary>
    public bool TrainingOnly { get; init; }
}
