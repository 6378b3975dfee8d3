using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Workers;
using Strata.CompilerServices;
using Strata.Compiler.Declarations;
using Strata.Compiler.Foundation;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Printing;

namespace Strata.Benchmarks.Algorithms;

/// <summary>The convolution of a shape by one of its algorithms, compiled.</summary>
/// <param name="Algorithm">Its name in tables.</param>
/// <param name="Predicted">The cycles that the formulas expect on the tier's first family.</param>
/// <param name="Program">Its only steps are the convolution's.</param>
internal sealed record Candidate(string Algorithm, double Predicted, NetworkProgram Program)
{
    private static readonly CSharpCompilationOptions Options = new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: false);

    /// <summary>Compiles the algorithms for a shape into an assembly of their own, which is loaded into a context.</summary>
    public static IReadOnlyList<Candidate> Compile(ConvolutionShape shape, Tier tier, AssemblyLoadContext context) =>
        Compile(ConvolutionLayer.Candidates(shape, tier), tier, context);

    /// <summary>The same for given programs and their names in tables. Only their kernels are written, and only for the one tier.</summary>
    public static IReadOnlyList<Candidate> Compile(
        IReadOnlyList<(string Algorithm, TierPrograms Programs)> candidates, Tier tier, AssemblyLoadContext context)
    {
        NetworkTarget Target(int candidate) => new("", EquatableArray<string>.Empty, "internal", $"Candidate{candidate}", IsSealed: true, HasSummary: false);
        IEnumerable<SyntaxTree> trees = candidates.SelectMany((candidate, i) => TierWriter.Write(Target(i), candidate.Programs, CancellationToken.None).Files(null, CancellationToken.None))
            .Select(file => CSharpSyntaxTree.ParseText(file.Text, ZooSources.Parsing));
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = CSharpCompilation.Create("Candidates", trees, ZooSources.References, Options).Emit(image);
        if (!result.Success)
        {
            throw new WorkerException(
                "The candidates do not compile: " + result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error));
        }

        image.Position = 0;
        Assembly assembly = context.LoadFromStream(image);
        return
        [
            .. candidates.Select((candidate, i) => new Candidate(
                candidate.Algorithm, candidate.Programs.Sample.Cycles[0],
                (NetworkProgram)Activator.CreateInstance(assembly.GetType($"{Target(i).GeneratedNamespace}.{tier.Name}Program", throwOnError: true)!)!)),
        ];
    }
}

/// <summary>The memory of tensors that the candidates for a shape share, as the layers of a network do.</summary>
internal sealed class SharedTensors(IReadOnlyList<Candidate> candidates) : IDisposable
{
    public AlignedMemory Arena { get; } = CandidateRun.Filled(candidates.Max(candidate => candidate.Program.SampleArenaLength));

    public AlignedMemory Scratch { get; } = CandidateRun.Filled(candidates.Max(candidate => candidate.Program.ScratchLength));

    public void Dispose()
    {
        Arena.Dispose();
        Scratch.Dispose();
    }
}

/// <summary>A candidate with memory to work in. Of its weights there may be many copies, of which each call reads the next.</summary>
internal sealed class CandidateRun : IDisposable
{
    /// <summary>Seconds that the clock tells to a hundredth.</summary>
    private const double Readable = 20e-6;

    /// <summary>In a virtual machine, the clock may stand still for a call. No convolution needs as many calls as this.</summary>
    private const int MostCalls = 1000;

    private const int Pattern = 1 << 12;

    /// <summary>Floats of a large page.</summary>
    private const int LargePage = (2 << 20) / sizeof(float);

    private readonly NetworkProgram _program;
    private readonly SharedTensors _tensors;
    private readonly AlignedMemory _parameters;
    private readonly int _copies, _pitch;
    private float _caller;
    private int _calls = 1, _copy;

    public CandidateRun(Candidate candidate, SharedTensors tensors, int copies)
    {
        (_program, _tensors, _copies, _pitch) = (candidate.Program, tensors, copies, Arithmetic.RoundUp(candidate.Program.ParametersLength, AlignedMemory.LineFloats));
        _parameters = Filled(checked(copies * _pitch));
    }

    /// <summary>Seconds of the convolution; of several calls where one is too short for the clock.</summary>
    public double Time()
    {
        long start = Stopwatch.GetTimestamp();
        for (int call = 0; call < _calls; call++)
        {
            ref float parameters = ref Unsafe.Add(ref _parameters.Reference, _copy * _pitch);
            _program.InferSample(in _caller, ref _caller, in parameters, ref _tensors.Arena.Reference, ref _tensors.Scratch.Reference);
            _copy = _copy + 1 == _copies ? 0 : _copy + 1;
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / _calls;
    }

    /// <summary>Compiles the kernels, takes in the memory, and finds out how many calls suit the clock.</summary>
    public void WarmUp()
    {
        Time();
        _calls = (int)Math.Clamp(Readable / Math.Min(Time(), Time()), 1, MostCalls);
    }

    public void Dispose() => _parameters.Dispose();

    /// <summary>Packed parameters and tensors alike: small numbers, none of them denormal. All lie in large pages, as in a network of many layers.</summary>
    public static unsafe AlignedMemory Filled(int length)
    {
        var memory = new AlignedMemory(Math.Max(length, LargePage));
        var floats = new Span<float>(memory.Pointer, (int)memory.Length);
        for (int i = 0; i < Math.Min(Pattern, floats.Length); i++)
        {
            floats[i] = ((i * 37 % 101) - 50) / 64f;
        }

        for (int done = Pattern; done < floats.Length; done *= 2)
        {
            floats[..Math.Min(done, floats.Length - done)].CopyTo(floats[done..]);
        }

        return memory;
    }
}
