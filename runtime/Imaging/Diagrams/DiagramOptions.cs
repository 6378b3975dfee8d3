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
    /// The name of a block, such as <c>layer1.0</c>, to be drawn alone, with what it reads and what reads it as its inputs and outputs.
    /// Levels count from there. Null, the default, draws the whole network. A name that no block has is an <see cref="ArgumentException"/>
    /// of <c>Diagram</c>.
    /// </summary>
    public string? Block { get; init; }

    /// <summary>
    /// Whether layers that only training computes are drawn, such as auxiliary heads. Default false.
    /// </summary>
    public bool TrainingOnly { get; init; }
}
