using System.Runtime.CompilerServices;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Computes one or several samples on several threads.</summary>
/// <remarks>
/// <para>
/// The steps are divided into stages of three kinds:
/// <list type="bullet">
/// <item><description>A step whose weights are larger than the samples' tensors is a stage of its own. It is cut into chunks of items. A
/// thread does a chunk for all samples, so that the weights are read once.</description></item>
/// <item><description>All steps up to the next such step are a stage, if the samples divide evenly among the threads or are many. A thread
/// does them for one sample, so that the sample's tensors stay in the cache.</description></item>
/// <item><description>Otherwise a stage is one step, or several in a row that do not depend on each other. It is cut into chunks, as for a
/// single sample.</description></item>
/// </list>
/// </para>
/// <para>The division changes no bit of the results: an output is always computed by one item.</para>
/// </remarks>
internal sealed unsafe class SampleJob(NetworkProgram program, int inputLength, int outputLength, WorkerTeam? team = null) : StageJob(team)
{
    /// <summary>Pieces of a stage per thread, if each piece needs some preparation, such as copying.</summary>
    private const int PreparedPiecesPerThread = 2;

    /// <summary>
    /// Runs (<see cref="StepInfo.Run"/>) are kept whole even if they do not divide evenly among the threads. Some threads then idle in the
    /// last round. If that loses more than one run in this many, runs are cut.
    /// </summary>
    private const int MostIdle = 8;

    private readonly StepInfo[] _steps = program.SampleSteps;
    private float* _inputs, _outputs, _parameters, _arenas;
    private int _samples, _arenaStride;
    private AlignedMemory[] _scratch = [];

    /// <summary>Whether several threads may share the program's steps.</summary>
    public bool SharesSteps { get; } = program.SharesSteps;

    /// <summary>Computes samples on up to <paramref name="threads"/> threads, the caller's included.</summary>
    /// <param name="inputs">The samples, one after the other.</param>
    /// <param name="outputs">Receives their outputs, one after the other.</param>
    /// <param name="samples">1 or more.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arenas">Memory for each sample, which the threads share.</param>
    /// <param name="arenaStride">Floats from one sample's arena to the next one's.</param>
    /// <param name="scratch">A piece for each of the threads.</param>
    /// <param name="threads">1 or more.</param>
    public void Infer(
        float* inputs, float* outputs, int samples, float* parameters, float* arenas, int arenaStride, AlignedMemory[] scratch, int threads)
    {
        _inputs = inputs;
        _outputs = outputs;
        _samples = samples;
        _parameters = parameters;
        _arenas = arenas;
        _arenaStride = arenaStride;
        _scratch = scratch;
        Walk(0, _steps.Length, threads);
    }

    /// <inheritdoc/>
    protected override Stage StageFrom(int step)
    {
        int pieces = Threads * PiecesPerThread;
        if (IsTogether(step))
        {
            StepInfo info = _steps[step];
            int size = int.Min(info.BatchItems, int.Max(Quotient(info.LeastItems, _samples), Quotient(info.Items, pieces)));
            return new Stage(step + 1, Quotient(info.Items, size), PieceKind.ForAllSamples) { Size = size };
        }

        if (_samples > 1 && (_samples % Threads == 0 || _samples >= pieces))
        {
            int end = step + 1;
            while (end < _steps.Length && !IsTogether(end))
            {
                end++;
            }

            return new Stage(end, _samples, PieceKind.WholeSamples);
        }

        (int behind, int chunks) = ChunksFrom(step);
        if (_samples * chunks > 1)
        {
            return new Stage(behind, _samples * chunks, PieceKind.Chunks);
        }

        // Neighbouring stages that are not cut become one.
        while (behind < _steps.Length && ChunksFrom(behind) is (int next, 1))
        {
            behind = next;
        }

        return new Stage(behind, 1, PieceKind.WholeSamples);
    }

    /// <summary>Whether all samples do some of a step's items before the next items.</summary>
    private bool IsTogether(int step) => _samples > 1 && _steps[step].BatchItems > 0;

    /// <summary>
    /// The end of the independent steps in a row that begin at a step, and into how many chunks these are cut for each sample.
    /// </summary>
    private (int Behind, int Chunks) ChunksFrom(int step)
    {
        int behind = step + 1, chunks = ChunksOf(step);
        for (int left = _steps[step].StageSteps; left > 1 && !IsTogether(behind); left--)
        {
            chunks += ChunksOf(behind++);
        }

        return (behind, chunks);
    }

    /// <summary>
    /// Into how many chunks a step is cut for each sample. Runs stay whole where they divide well enough among the threads. Otherwise each
    /// thread gets a few chunks of them, each of which repeats the run's preparation.
    /// </summary>
    private int ChunksOf(int step)
    {
        StepInfo info = _steps[step];
        int chunks = ChunksOf(info.Items, info.LeastItems, _samples, Threads);
        return info.Run == 1 ? chunks
            : HasWholeRuns(info) ? EachAsMany(int.Min(chunks, Quotient(info.Items, info.Run)), _samples, Threads)
            : int.Min(chunks, Quotient(Threads * PreparedPiecesPerThread, _samples));
    }

    private bool HasWholeRuns(StepInfo step)
    {
        int runs = Quotient((long)step.Items * _samples, step.Run), rounds = Quotient(runs, Threads);
        return rounds * Threads <= runs + (runs / MostIdle);
    }

    /// <summary>The items of a chunk of a step.</summary>
    private (int First, int End) ItemsOf(int step, int chunk)
    {
        StepInfo info = _steps[step];
        int unit = HasWholeRuns(info) ? info.Run : 1;
        (int first, int end) = ItemsOf(chunk, ChunksOf(step), Quotient(info.Items, unit));
        return (first * unit, int.Min(end * unit, info.Items));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void RunPiece(int step, Stage stage, int piece, int participant)
    {
        float* scratch = _scratch[participant].Pointer;
        if (stage.Kind == PieceKind.ForAllSamples)
        {
            (int first, int end) = (piece * stage.Size, int.Min((piece + 1) * stage.Size, _steps[step].Items));
            bool isBatch = _samples >= program.LeastBatch;
            using Denormals.Scope flush = Denormals.Flush();
            if (isBatch && program.InferBatchStep(step, first, end, _samples, _arenaStride, in *_parameters, ref *_arenas))
            {
                return;
            }

            for (int sample = 0; sample < _samples; sample++)
            {
                RunItems(step, first, end, sample, scratch);
            }
        }
        else if (stage.Kind == PieceKind.WholeSamples)
        {
            using Denormals.Scope flush = Denormals.Flush();
            for (; step < stage.End; step++)
            {
                RunItems(step, 0, _steps[step].Items, sample: piece, scratch);
            }
        }
        else
        {
            (int sample, int chunk) = int.DivRem(piece, stage.Pieces / _samples);
            for (int chunks; chunk >= (chunks = ChunksOf(step)); step++)
            {
                chunk -= chunks;
            }

            (int first, int end) = ItemsOf(step, chunk);
            using Denormals.Scope flush = Denormals.Flush();
            RunItems(step, first, end, sample, scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunItems(int step, int first, int end, int sample, float* scratch) => program.InferSampleStep(
        step, first, end, in _inputs[(nint)sample * inputLength], ref _outputs[(nint)sample * outputLength], in *_parameters,
        ref _arenas[(nint)sample * _arenaStride], ref *scratch);
}
