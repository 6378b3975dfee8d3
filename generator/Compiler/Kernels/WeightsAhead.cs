using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Prefetches the weights of the next tile of channels: a few cache lines in each round of the loop that multiplies by the weights of this
/// tile. If a weight is used for few pixels, loading it from memory takes longer than multiplying by it. Without prefetches, the processor
/// waits for all weights of a tile of channels at its first tile of pixels, and loads nothing from memory during the other tiles.
/// </summary>
internal sealed class WeightsAhead
{
    /// <summary>Floats of a cache line.</summary>
    public const int Line = 16;

    /// <summary>
    /// A round prefetches at least one cache line. If there are more rounds than lines of the next weights, the rounds together prefetch
    /// more than these weights, but at most this many times as much. With this limit, Inception-v3 is 2 % faster on Zen 5.
    /// </summary>
    private const int MostAhead = 8;

    private readonly KernelBuilder _k;
    private readonly Pointer _ahead;
    private readonly Index[] _streams;
    private readonly int _floats, _step;
    private readonly bool _toFirstLevel;

    /// <summary>Elements of a cache line, which holds more elements if weights are narrower than floats.</summary>
    private readonly int _line;

    /// <param name="first">The first weight that is prefetched.</param>
    /// <param name="streams">The offsets of the streams of weights that are read at the same time.</param>
    /// <param name="floats">Floats of each stream that a round prefetches, in whole cache lines.</param>
    /// <param name="step">The distance from one round to the next; null for as many floats as a round prefetches.</param>
    /// <param name="toFirstLevel">Whether they are prefetched into the first-level cache. There must be room beside what is in use.</param>
    public WeightsAhead(KernelBuilder k, Reference first, IEnumerable<Index> streams, int floats, int? step = null,
        bool toFirstLevel = false)
    {
        _toFirstLevel = toFirstLevel;
        (_k, _ahead, _streams, _floats, _step) = (k, k.PointTo("ahead", first), [.. streams], floats, step ?? floats);
        _line = Line * ElementType.Float.Bits / first.Pointer.Element.Bits;
    }

    /// <summary>How a round moves the pointer to the next round's weights.</summary>
    public (Pointer Pointer, Index By) Step => (_ahead, _step);

    /// <summary>
    /// Floats of a stream that a round prefetches, if it reads this many of it and all rounds run for each of some tiles of pixels. 0 if
    /// there are so many tiles that the wait of the first one is a small share of the time.
    /// </summary>
    public static int FloatsOf(int floats, int pixelTiles) =>
        MostAhead * floats < Line * pixelTiles ? 0 : Line * Arithmetic.CeilingDivide(floats, Line * pixelTiles);

    /// <summary>
    /// Records prefetches of the weights of an input that comes later by the kernel's <see cref="TiledConvolution.InputsAhead"/>, if that
    /// is not 0. This is for a few of a filter's taps. Their weights are not contiguous, and the processor's prefetcher does not find them.
    /// </summary>
    /// <param name="weights">The weights of an input, from the first tap.</param>
    public static void RecordTaps(KernelBuilder k, TiledConvolution kernel, Pointer weights)
    {
        if (kernel.InputsAhead == 0)
        {
            return;
        }

        (Taps rows, Taps columns) = (kernel.Filter.Vertical, kernel.Filter.Horizontal);
        ConvolutionWeights order = kernel.Operands.Weights;
        k.Group(() =>
        {
            for (int channel = 0; channel < kernel.Tile.Channels; channel++)
            {
                Index later = (channel * Number.Offset(order.Output.Step, "wChannelStride")) + (kernel.InputsAhead * order.Input.Stride);
                for (int row = 0; row < rows.Count; row++)
                {
                    for (int place = 0; place < columns.Count * columns.WeightStep; place += Line)
                    {
                        k.Run(Intrinsics.Prefetch(weights[later + (row * rows.WeightStep) + place]));
                    }
                }
            }
        });
    }

    /// <summary>Records the prefetches of a round, and moves the pointer to the next round.</summary>
    public void RecordRound()
    {
        Record();
        _k.Advance(Step);
    }

    /// <summary>Records the prefetches of a round.</summary>
    public void Record() => _k.Group(() =>
    {
        for (int line = 0; line < _floats; line += _line)
        {
            foreach (Index stream in _streams)
            {
                Reference place = _ahead[stream + line];
                _k.Run(_toFirstLevel ? Intrinsics.Prefetch(place) : Intrinsics.PrefetchL2(place));
            }
        }
    });
}
