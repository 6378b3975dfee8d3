using System.Collections.Generic;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>
/// Asks the caches for the weights of the next tile of channels, a few lines in each round of a loop that multiplies those of this one.
/// Where a weight is used for few pixels it takes longer to come from memory than to multiply by it. The processor foresees only what the
/// first tile of pixels reads, and waits for all of it then, while memory rests during the others: here both are at work all the time.
/// </summary>
internal sealed class WeightsAhead
{
    /// <summary>Floats of a cache line.</summary>
    public const int Line = 16;

    /// <summary>
    /// How many times what is read next a round may ask for, where a line in each round is more than its share: Inception-v3 gains 2 % up
    /// to there (Zen 5).
    /// </summary>
    private const int MostAhead = 8;

    private readonly KernelBuilder _k;
    private readonly Pointer _ahead;
    private readonly Index[] _streams;
    private readonly int _floats, _step;
    private readonly bool _toFirstLevel;

    /// <summary>Elements of a cache line: of narrower weights it holds more than floats.</summary>
    private readonly int _line;

    /// <param name="first">What is asked for first.</param>
    /// <param name="streams">Where the weights that are read side by side stand from one another.</param>
    /// <param name="floats">Floats of each that a round asks for, whole lines.</param>
    /// <param name="step">How far a round moves on; null: by what it has asked for.</param>
    /// <param name="toFirstLevel">Whether they are asked for in the first-level cache: where what is in use leaves room for them
    /// there.</param>
    public WeightsAhead(KernelBuilder k, Reference first, IEnumerable<Index> streams, int floats, int? step = null,
        bool toFirstLevel = false)
    {
        _toFirstLevel = toFirstLevel;
        (_k, _ahead, _streams, _floats, _step) = (k, k.PointTo("ahead", first), [.. streams], floats, step ?? floats);
        _line = Line * ElementType.Float.Bits / first.Pointer.Element.Bits;
    }

    /// <summary>How a round ends, beside the other pointers that it moves.</summary>
    public (Pointer Pointer, Index By) Step => (_ahead, _step);

    /// <summary>
    /// Floats of a stream that a round asks for, if it reads so many of it and all rounds run for each of some tiles of pixels. 0 where
    /// these are so many that the wait of the first is a small share.
    /// </summary>
    public static int FloatsOf(int floats, int pixelTiles) =>
        MostAhead * floats < Line * pixelTiles ? 0 : Line * Arithmetic.CeilingDivide(floats, Line * pixelTiles);

    /// <summary>Records what a round asks for, and that it moves on.</summary>
    public void RecordRound()
    {
        Record();
        _k.Advance(Step);
    }

    /// <summary>Records what a round asks for.</summary>
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
