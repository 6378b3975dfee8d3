using System;
using Strata.CompilerServices;

namespace Strata;

/// <summary>One or several samples on several threads.</summary>
/// <remarks>
/// <para>
/// The steps are divided into stages of three kinds:
/// - One step whose weights are larger than the samples' tensors. It is cut into chunks of items, and a thread does a chunk for all
/// samples, so that the weights are read once.
/// - All steps up to the next such step. A thread does them for one sample, so that the sample's tensors stay in the cache.
/// - Where the samples do not divide evenly among the threads: one step, or several in a row that do not depend on each other, cut as for a
/// single sample.
/// </para>
/// <para>The division changes no bit of the results: an output is always computed by one item.</para>
/// </remarks>
internal sealed unsafe class SampleJob(NetworkProgram program, int inputLength, int outputLength, WorkerTeam? team = null) : StageJob(team)
{
    /// <summary>Pieces of a stage per thread, if each piece begins with work of its own, such as copying.</summary>
    private const int PartsPerThread = 2;

    /// <summary>
    /// Runs (<see cref="NetworkProgram.SampleRuns"/>) are kept whole even if they do not divide evenly among the threads. Then some threads
    /// idle in the last round. At most one run in this many may be lost that way; otherwise runs are cut.
    /// </summary>
    private const int MostIdle = 8;

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
        Walk(0, program.SampleSteps.Length / 2, threads);
    }

    /// <inheritdoc/>
    protected override Stage StageFrom(int step)
    {
        ReadOnlySpan<int> steps = program.SampleSteps, together = program.BatchItems;
        (int items, int fewest) = (steps[2 * step], steps[(2 * step) + 1]);
        int pieces = Threads * PiecesPerThread;
        if (IsTogether(together, step))
        {
            int size = int.Min(together[step], int.Max(Quotient(fewest, _samples), Quotient(items, pieces)));
            return new Stage(step + 1, Quotient(items, size), StageForm.ForAllSamples) { Size = size };
        }

        if (_samples > 1 && (_samples % Threads == 0 || _samples >= pieces))
        {
            int end = step + 1;
            while (end < steps.Length / 2 && !IsTogether(together, end))
            {
                end++;
            }

            return new Stage(end, _samples, StageForm.WholeSamples);
        }

        (int behind, int chunks) = ChunksFrom(step);
        if (_samples * chunks > 1)
        {
            return new Stage(behind, _samples * chunks, StageForm.Chunks);
        }

        // Neighbouring stages that are not cut become one.
        while (behind < steps.Length / 2 && ChunksFrom(behind) is (int next, 1))
        {
            behind = next;
        }

        return new Stage(behind, 1, StageForm.WholeSamples);
    }

    private bool IsTogether(ReadOnlySpan<int> together, int step) => _samples > 1 && step < together.Length && together[step] > 0;

    /// <summary>
    /// The end of the independent steps in a row that begin at a step, and into how many chunks these are cut for each sample.
    /// </summary>
    private (int Behind, int Chunks) ChunksFrom(int step)
    {
        int behind = step + 1, chunks = ChunksOf(step);
        for (int left = program.SampleStages.IsEmpty ? 1 : program.SampleStages[step];
            left > 1 && !IsTogether(program.BatchItems, behind); left--)
        {
            chunks += ChunksOf(behind++);
        }

        return (behind, chunks);
    }

    private int ChunksOf(int step) => Quotient(program.SampleSteps[2 * step], ChunkOf(step));

    /// <summary>Items of a step that a thread does at a time.</summary>
    private int ChunkOf(int step)
    {
        (int items, int fewest) = (program.SampleSteps[2 * step], program.SampleSteps[(2 * step) + 1]);
        int chunk = ChunkOf(items, fewest, _samples, Threads);
        int run = program.SampleRuns.IsEmpty ? 1 : program.SampleRuns[step];
        return run > 1 ? ChunkOfRuns(chunk, items, run) : chunk;
    }

    /// <summary>
    /// Items of a step with runs that a thread does at a time: whole runs where these divide well enough among the threads. Otherwise each
    /// thread gets a few parts of runs, each of which repeats the run's preparation.
    /// </summary>
    private int ChunkOfRuns(int chunk, int items, int run)
    {
        long all = (long)items * _samples;
        int runs = Quotient(all, run), rounds = Quotient(runs, Threads);
        return rounds * Threads <= runs + (runs / MostIdle) ? Quotient(chunk, run) * run
            : int.Max(chunk, Quotient(all, Threads * PartsPerThread));
    }

    /// <inheritdoc/>
    protected override void RunPiece(int step, Stage stage, int piece, int participant)
    {
        ReadOnlySpan<int> steps = program.SampleSteps;
        if (stage.Form == StageForm.ForAllSamples)
        {
            int items = steps[2 * step];
            (int first, int end) = (piece * stage.Size, int.Min((piece + 1) * stage.Size, items));
            if (_samples >= program.LeastBatch
                && program.InferBatchStep(step, first, end, _samples, _arenaStride, in *_parameters, ref *_arenas))
            {
                return;
            }

            for (int sample = 0; sample < _samples; sample++)
            {
                RunItems(step, first, end, sample, participant);
            }
        }
        else if (stage.Form == StageForm.WholeSamples)
        {
            for (; step < stage.End; step++)
            {
                RunItems(step, 0, steps[2 * step], sample: piece, participant);
            }
        }
        else
        {
            (int sample, int chunk) = int.DivRem(piece, stage.Pieces / _samples);
            for (int chunks; chunk >= (chunks = ChunksOf(step)); step++)
            {
                chunk -= chunks;
            }

            int size = ChunkOf(step);
            RunItems(step, chunk * size, int.Min((chunk + 1) * size, steps[2 * step]), sample, participant);
        }
    }

    private void RunItems(int step, int first, int end, int sample, int participant) => program.InferSampleStep(
        step, first, end, in _inputs[(nint)sample * inputLength], ref _outputs[(nint)sample * outputLength], in *_parameters,
        ref _arenas[(nint)sample * _arenaStride], ref *_scratch[participant].Pointer);
}
