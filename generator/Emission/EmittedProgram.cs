using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Threading;
using System.Threading.Tasks;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>
/// The program of a tier: what <c>Printing</c> writes as a class of C#, as methods that are made at run time, or were made and saved.
/// </summary>
/// <remarks>
/// Each network has a copy, which keeps the values that are derived from the network's parameters. So networks of several sizes can have
/// the same memory of parameters.
/// <para>
/// What the runtime calls while denormal numbers are 0 is compiled once: tier-0 code could start the JIT's thread then.
/// </para>
/// </remarks>
internal sealed class EmittedProgram : NetworkProgram
{
    private const string Kernel = "Kernel";

    private readonly ProgramFacts _facts;
    private readonly InferenceMethods _inference;
    private readonly TrainingMethods? _training;
    private readonly Lazy<EmittedProgram>? _other;

    /// <summary>A context that is forgotten frees its assemblies, even while they are used.</summary>
    private readonly AssemblyLoadContext? _context;

    /// <summary>A program whose methods are in a module.</summary>
    /// <param name="facts">All else that is known of it.</param>
    /// <param name="code">What holds the code. It is freed with the last reference to the program, if the module can be freed.</param>
    /// <param name="other">Makes the program for the other storage of weights; null if there is none.</param>
    /// <exception cref="BadImageFormatException">The module does not have the methods.</exception>
    public EmittedProgram(ProgramFacts facts, Module code, Lazy<EmittedProgram>? other = null)
    {
        (_facts, Module, _other, _context) = (facts, code, other, AssemblyLoadContext.GetLoadContext(code.Assembly));
        _inference = new InferenceMethods(new MethodTable(code, facts.ClassOf(InferenceMethods.Class)));
        _training = facts.Training is null ? null
            : new TrainingMethods(new MethodTable(code, facts.ClassOf(TrainingMethods.Class)));
        Packing = facts.NarrowParameters.Length == 0 ? ParameterPacking.Read(facts.Packing)
            : ParameterPacking.Read(facts.Packing, facts.Weights, facts.NarrowParameters);
        ParametersLength = facts.DerivedStart;
    }

    /// <summary>Compiles a network for a tier.</summary>
    /// <param name="trains">Whether it can be trained, too; if the graph has losses.</param>
    /// <param name="limit">Counts the code; null to make any amount.</param>
    public static EmittedProgram Create(
        NetworkGraph graph, Tier tier, bool trains, CodeLimit? limit = null, CancellationToken cancellationToken = default)
    {
        TierPrograms programs = TierPrograms.Lower(graph, tier, cancellationToken, trains: trains);
        return Create(
            programs, KernelMethods.Assign(programs, cancellationToken),
            programs.OtherWeights is { } storage ? new(() => WithWeights(storage)) : null, limit);

        EmittedProgram WithWeights(Graph.WeightStorage storage)
        {
            var other = TierPrograms.Lower(graph, tier, cancellationToken, storage);
            return Create(other, KernelMethods.Assign(other, cancellationToken), other: null, limit);
        }
    }

    /// <summary>Compiles the programs of a tier. Their code is freed with the last reference to the program.</summary>
    /// <param name="other">Makes the program for the other storage of weights; null if there is none.</param>
    /// <param name="limit">Counts the code; null to make any amount.</param>
    public static EmittedProgram Create(
        TierPrograms programs, KernelMethods methods, Lazy<EmittedProgram>? other = null, CodeLimit? limit = null)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Strata.Emitted"), AssemblyBuilderAccess.RunAndCollect);
        ProgramFacts facts = Write(assembly.DefineDynamicModule("Strata.Emitted"), programs, methods, limit);
        return new EmittedProgram(facts, assembly.ManifestModule, other);
    }

    /// <summary>Writes the methods of a program into a module.</summary>
    /// <param name="limit">Counts the code; null to make any amount.</param>
    public static ProgramFacts Write(ModuleBuilder module, TierPrograms programs, KernelMethods methods, CodeLimit? limit = null)
    {
        ProgramFacts facts = ProgramFacts.Of(programs);
        var classes = new List<MethodClass>();
        MethodClass Class(string name)
        {
            classes.Add(new MethodClass(module, facts.ClassOf(name), limit));
            return classes[^1];
        }

        var kernels = new KernelEmitter(Class(Kernel), EmittedTypes.Of(programs.Tier.Bits), methods);
        string[] ofInference = InferenceMethods.Write(Class(InferenceMethods.Class), kernels, programs);
        TrainingFacts? training = programs.Training is null ? null
            : TrainingMethods.Write(Class(TrainingMethods.Class), kernels, programs.Training, programs.Parameters);
        kernels.Complete();
        return facts.DerivedStart != programs.Parameters.DerivedStart
            ? throw new InvalidOperationException("The derived values do not begin behind the parameters.")
            : facts with { Kernels = ofInference, Training = training, CodeLength = classes.Sum(one => one.CodeLength) };
    }

    /// <summary>What holds the code.</summary>
    internal Module Module { get; }

    /// <summary>The bytes of IL of all methods.</summary>
    internal long CodeLength => _facts.CodeLength;

    public override Isa Isa => _facts.Isa;

    public override NetworkProgram? With(WeightStorage weights) =>
        _facts.OtherWeights == weights ? _other?.Value : base.With(weights);

    public override int ParametersLength { get; }

    public override int DerivedLength => _facts.ParametersLength - ParametersLength;

    public override int TrainableLength => _facts.TrainableLength;

    public override IReadOnlyList<ParameterPacking> Packing { get; }

    public override int SampleArenaLength => _facts.SampleArenaLength;

    public override int ScratchLength => _facts.ScratchLength;

    public override int BlockArenaLength => _facts.BlockArenaLength;

    public override int BlockThreshold => _facts.BlockThreshold;

    public override ReadOnlySpan<int> PreparationItems => _facts.PreparationItems;

    protected override ReadOnlySpan<int> SampleSchedule => _facts.SampleSchedule;

    public override int LeastBatch => _facts.LeastBatch;

    public override int ObservationArenaLength => _facts.ObservationArenaLength;

    public override int TrainingArenaLength => _facts.Training?.ArenaLength ?? 0;

    public override int TrainingSampleLength => _facts.Training?.SampleLength ?? 0;

    public override int SlotFrontLength => _facts.Training?.SlotFrontLength ?? 0;

    public override int SummedParametersLength => _facts.Training?.SummedParametersLength ?? 0;

    public override int SharedLength => _facts.Training?.SharedLength ?? 0;

    protected override ReadOnlySpan<int> TrainingSchedule => _facts.Training is { } training ? training.Schedule : base.TrainingSchedule;

    public override int ForwardSteps => _facts.Training?.ForwardSteps ?? base.ForwardSteps;

    public override bool GoesBySample => _facts.Training?.GoesBySample ?? false;

    public override ReadOnlySpan<int> GradientSteps => _facts.Training is { } training ? training.GradientSteps : [];

    public override ReadOnlySpan<int> LossGradients => _facts.Training is { } training ? training.LossGradients : [];

    public override IReadOnlyList<TrainingTensor> TrainingTensors => _facts.Training?.Tensors ?? [];

    public override IReadOnlyList<ProfiledStep> ProfiledSteps => _facts.Training?.ProfiledSteps ?? [];

    public override IReadOnlyList<DenseGradient> DenseGradients => _facts.Training?.DenseGradients ?? [];

    public override bool HasInputGradient => _facts.Training?.HasInputGradient ?? false;

    /// <summary>The methods that train, of which there are some only if the program can be trained.</summary>
    private TrainingMethods Training => _training ?? throw new NotSupportedException();

    /// <summary>Compiles the kernels and steps of one sample, without delegates, whose types would outlive the program.</summary>
    internal override void CompileKernels()
    {
        var kernels = new MethodTable(Module, _facts.ClassOf(Kernel));
        Parallel.ForEach(
            [
                .. _facts.Kernels.Select(name => kernels[name]),
                .. _inference.Prepare.Concat<Delegate>(_inference.Steps).Select(step => step.Method),
            ],
            (MethodInfo method) => RuntimeHelpers.PrepareMethod(method.MethodHandle));
    }

    [MethodImpl(Once)]
    public override void Derive(ref float parameters) => _inference.Derive(0, 0, ref parameters, ref Derived);

    [MethodImpl(Once)]
    public override void PrepareInferenceStep(int step, int first, int end, ref float parameters) =>
        _inference.Prepare[step](first, end, ref parameters, ref Derived);

    [MethodImpl(Once)]
    public override void InferSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch)
    {
        if (_facts.SampleSchedule.Length > 0)
        {
            base.InferSample(in input, ref output, in parameters, ref arena, ref scratch);
            return;
        }

        _inference.Steps[0](
            0, 0, ref Unsafe.AsRef(in input), ref output, ref Unsafe.AsRef(in parameters), ref Derived, ref arena, ref scratch);
    }

    [MethodImpl(Once)]
    public override void InferSampleStep(
        int step, int first, int end, ref readonly float input, ref float output, ref readonly float parameters, ref float arena,
        ref float scratch) => _inference.Steps[step](
        first, end, ref Unsafe.AsRef(in input), ref output, ref Unsafe.AsRef(in parameters), ref Derived, ref arena, ref scratch);

    [MethodImpl(Once)]
    public override bool InferBatchStep(
        int step, int first, int end, int samples, int arenaStride, ref readonly float parameters, ref float arenas)
    {
        if (_inference.Batches[step] is not { } batch)
        {
            return false;
        }

        batch(first, end, samples, arenaStride, ref Unsafe.AsRef(in parameters), ref Derived, ref arenas);
        return true;
    }

    [MethodImpl(Once)]
    public override void InferBlock(
        ref readonly float input, int samples, ref float output, ref readonly float parameters, ref float arena) =>
        _inference.Block!(ref Unsafe.AsRef(in input), samples, ref output, ref Unsafe.AsRef(in parameters), ref Derived, ref arena);

    [MethodImpl(Once)]
    public override void ObserveSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch,
        ref float observations) => _inference.Observe!(
        ref Unsafe.AsRef(in input), ref output, ref Unsafe.AsRef(in parameters), ref Derived, ref arena, ref scratch, ref observations);

    [MethodImpl(Once)]
    public override void TrainStep(
        int index, int first, int end, ref readonly float input, int samples, ref float parameters, ref float arena, ref float slot,
        int slotStride, ref float shared, ref float sample, ref float scratch, ref float inputGradient, in StepContext step) =>
        Training.Steps[index](
            first, end, ref Unsafe.AsRef(in input), samples, ref parameters, ref Derived, ref arena, ref slot, slotStride, ref shared,
            ref sample, ref scratch, ref inputGradient, ref Unsafe.AsRef(in step));

    [MethodImpl(Once)]
    public override void Output(ref float arena, int samples, ref float output) => Training.Output(ref arena, samples, ref output);

    [MethodImpl(Once)]
    public override void OutputGradient(ref readonly float gradient, int samples, ref float arena) =>
        Training.OutputGradient(ref Unsafe.AsRef(in gradient), samples, ref arena);

    [MethodImpl(Once)]
    public override double Loss(
        ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step) =>
        Training.Loss!(ref Unsafe.AsRef(in classes), ref Unsafe.AsRef(in values), samples, ref arena, ref Unsafe.AsRef(in step));

    [MethodImpl(Once)]
    public override double LossOfOutputs(
        ref readonly float outputs, ref readonly int classes, ref readonly float values, int samples, ref float arena,
        in StepContext step) => Training.LossOfOutputs!(
        ref Unsafe.AsRef(in outputs), ref Unsafe.AsRef(in classes), ref Unsafe.AsRef(in values), samples, ref arena,
        ref Unsafe.AsRef(in step));

    [MethodImpl(Once)]
    public override void WeightGradient(
        int layer, ref float input, ref float gradient, int slotStride, int samples, ref float weightGradient, int rows,
        int panelWidth, int width) => Training.WeightGradients[layer](
        ref input, ref gradient, slotStride, samples, ref weightGradient, rows, panelWidth, width);
}
