using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// What one call of Forward needs: arenas and scratch memory for each thread that takes part. The call has a <see cref="Lifetime.Hold"/> of
/// the network.
/// </summary>
internal sealed unsafe class InferenceLease : ParallelJob, IDisposable
{
    /// <summary>
    /// The most samples that go through the layers together, so that weights are read once for all of them. With more samples, the weights
    /// would hardly be read less often.
    /// </summary>
    private const int MostTogether = 16;

    /// <summary>The most floats in the arenas of samples that go together: 256 MiB.</summary>
    private const long MostTogetherFloats = 64 << 20;

    private readonly NetworkProgram _program;
    private readonly AlignedMemory _parameters;
    private readonly int _inputLength;
    private readonly int _outputLength;
    private readonly int _threads;
    private readonly long _costOfSample;
    private readonly int _lanes;
    private readonly int _threshold;
    private readonly AlignedMemory _callerArena;
    private readonly SampleJob _sampleJob;
    private AlignedMemory? _batchArenas;
    private ThreadGroup[] _groups = [];
    private AlignedMemory[] _sampleArenas = [];
    private AlignedMemory[] _blockArenas = [];
    private AlignedMemory[] _scratch = [];

    // The arguments of the current call. The caller has pinned them.
    private float* _inputs;
    private float* _outputs;
    private int _samples;
    private int _blocks;
    private int _group;
    private int _arenaStride;

    public InferenceLease(
        NetworkProgram program, AlignedMemory parameters, int inputLength, int outputLength, int threads, long costOfSample)
    {
        _program = program;
        _parameters = parameters;
        _inputLength = inputLength;
        _outputLength = outputLength;
        _threads = threads;
        _costOfSample = costOfSample;
        _lanes = program.Isa.Lanes();
        _threshold = program.BlockThreshold;
        _callerArena = new AlignedMemory(program.SampleArenaLength);
        _sampleJob = new SampleJob(program, inputLength, outputLength);
    }

    public void InferOne(ref readonly float input, ref float output)
    {
        int threads = _sampleJob.SharesSteps ? _threads : 1;
        AlignedMemory.Ensure(ref _scratch, threads, _program.ScratchLength);
        if (threads == 1)
        {
            float* parameters = _parameters.Pointer, arena = _callerArena.Pointer, scratch = _scratch[0].Pointer;
            using Denormals.Scope flush = Denormals.Flush();
            _program.InferSample(in input, ref output, in *parameters, ref *arena, ref *scratch);
            return;
        }

        fixed (float* inputs = &input, outputs = &output)
        {
            _sampleJob.Infer(inputs, outputs, 1, _parameters.Pointer, _callerArena.Pointer, 0, _scratch, threads);
        }
    }

    public void InferMany(ReadOnlySpan<float> inputs, Span<float> outputs, int samples)
    {
        // Which samples form a block depends on the batch alone, so that results are the same for any number of threads.
        int blocks = _threshold <= _lanes ? samples / _lanes : 0;
        int rest = samples - (blocks * _lanes);
        if (rest >= _threshold)
        {
            blocks++;
            rest = 0;
        }

        if (blocks == 0 && GoTogether(_program, samples, _threads))
        {
            InferTogether(inputs, outputs, samples);
            return;
        }

        int threads = WorkSize.IsWorthSharing(_costOfSample * samples, _lanes) ? _threads : 1;
        _group = 0;
        if (blocks == 0 && GoInGroups(_program, samples))
        {
            (_group, _arenaStride) = Group(_program, samples, threads);
            rest = (samples + _group - 1) / _group;
        }

        int pieces = blocks + rest;
        threads = int.Min(pieces, threads);
        if (blocks > 0)
        {
            AlignedMemory.Ensure(ref _blockArenas, threads, _program.BlockArenaLength);
        }

        if (_group > 0)
        {
            EnsureGroups(threads);
        }
        else if (rest > 0)
        {
            AlignedMemory.Ensure(ref _sampleArenas, threads, _program.SampleArenaLength);
            AlignedMemory.Ensure(ref _scratch, threads, _program.ScratchLength);
        }

        fixed (float* input = inputs, output = outputs)
        {
            _inputs = input;
            _outputs = output;
            _samples = samples;
            _blocks = blocks;
            RunAll(pieces, threads);
        }
    }

    /// <summary>
    /// Whether samples that fill no block go through the network together. Otherwise each thread computes one sample after the other. Going
    /// together helps if it reads some weights less often, or if the samples do not divide evenly among the threads.
    /// </summary>
    internal static bool GoTogether(NetworkProgram program, int samples, int threads) =>
        program.SharesSteps && (program.HasBatchItems || samples % threads != 0);

    /// <summary>
    /// Whether each thread computes several samples at a time. A kernel then uses each weight that it loads for all of them.
    /// </summary>
    internal static bool GoInGroups(NetworkProgram program, int samples) =>
        samples >= program.LeastBatch && !program.SharesSteps;

    /// <summary>How many samples go through the network together, and how far apart their arenas are, in floats.</summary>
    /// <param name="program">The network's program.</param>
    /// <param name="samples">All samples.</param>
    /// <param name="threads">Threads that each take a group of samples, of equal size if possible.</param>
    internal static (int Samples, int ArenaStride) Group(NetworkProgram program, int samples, int threads = 1)
    {
        // Add a cache line. If the distance were a power of two, the samples' tensors would evict each other from the same cache sets.
        int stride = checked((int)AlignedMemory.RoundUp(program.SampleArenaLength + AlignedMemory.LineFloats));
        int most = (int)long.Clamp(MostTogetherFloats / stride, 1, MostTogether);
        long groups = ((long)samples + (most * threads) - 1) / (most * threads) * threads;
        return ((int)((samples + groups - 1) / groups), stride);
    }

    public void Dispose()
    {
        _callerArena.Dispose();
        _batchArenas?.Dispose();
        foreach (ThreadGroup group in _groups)
        {
            group.Arenas?.Dispose();
            AlignedMemory.DisposeAll(group.Scratch);
        }

        AlignedMemory.DisposeAll(_sampleArenas);
        AlignedMemory.DisposeAll(_blockArenas);
        AlignedMemory.DisposeAll(_scratch);
    }

    private void EnsureGroups(int threads)
    {
        if (_groups.Length < threads)
        {
            IEnumerable<ThreadGroup> more = Enumerable.Range(_groups.Length, threads - _groups.Length)
                .Select(_ => new ThreadGroup(new SampleJob(_program, _inputLength, _outputLength)));
            _groups = [.. _groups, .. more];
        }

        foreach (ThreadGroup group in _groups.AsSpan(0, threads))
        {
            AlignedMemory.Ensure(ref group.Arenas, (long)_group * _arenaStride);
            AlignedMemory.Ensure(ref group.Scratch, 1, _program.ScratchLength);
        }
    }

    private void InferTogether(ReadOnlySpan<float> inputs, Span<float> outputs, int samples)
    {
        (int group, int stride) = Group(_program, samples);
        AlignedMemory.Ensure(ref _scratch, _threads, _program.ScratchLength);
        AlignedMemory.Ensure(ref _batchArenas, (long)group * stride);
        fixed (float* input = inputs, output = outputs)
        {
            for (int first = 0; first < samples; first += group)
            {
                _sampleJob.Infer(
                    input + ((nint)first * _inputLength), output + ((nint)first * _outputLength), int.Min(group, samples - first),
                    _parameters.Pointer, _batchArenas.Pointer, stride, _scratch, _threads);
            }
        }
    }

    protected override void Run(int piece, int participant)
    {
        if (piece < _blocks)
        {
            int first = piece * _lanes, samples = int.Min(_lanes, _samples - first);
            float* input = Input(first), output = Output(first), parameters = _parameters.Pointer,
                arena = _blockArenas[participant].Pointer;
            using Denormals.Scope flush = Denormals.Flush();
            _program.InferBlock(in *input, samples, ref *output, in *parameters, ref *arena);
        }
        else if (_group > 0)
        {
            int first = piece * _group;
            ThreadGroup group = _groups[participant];
            group.Job.Infer(
                _inputs + ((nint)first * _inputLength), _outputs + ((nint)first * _outputLength), int.Min(_group, _samples - first),
                _parameters.Pointer,
                group.Arenas!.Pointer, _arenaStride, group.Scratch, threads: 1);
        }
        else
        {
            int sample = (_blocks * _lanes) + piece - _blocks;
            float* input = Input(sample), output = Output(sample), parameters = _parameters.Pointer,
                arena = _sampleArenas[participant].Pointer, scratch = _scratch[participant].Pointer;
            using Denormals.Scope flush = Denormals.Flush();
            _program.InferSample(in *input, ref *output, in *parameters, ref *arena, ref *scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* Input(int sample) => _inputs + ((nint)sample * _inputLength);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* Output(int sample) => _outputs + ((nint)sample * _outputLength);

    /// <summary>What a thread needs to go through the network with some samples of its own.</summary>
    private sealed class ThreadGroup(SampleJob job)
    {
        public AlignedMemory? Arenas;
        public AlignedMemory[] Scratch = [];

        public SampleJob Job { get; } = job;
    }
}
