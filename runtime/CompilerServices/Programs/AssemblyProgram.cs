using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Threading.Tasks;

namespace Strata.CompilerServices;

/// <summary>
/// The program of a tier whose methods are in an assembly that was made at run time, or made before and saved. Otherwise, a program is a
/// generated class of C#.
/// </summary>
/// <remarks>
/// Each network has a copy, which keeps the values that are derived from the network's parameters. So networks of several sizes can have
/// the same memory of parameters.
/// <para>
/// What the runtime calls while denormal numbers are 0 is compiled once: tier-0 code could start the JIT's thread then.
/// </para>
/// </remarks>
internal sealed class AssemblyProgram : NetworkProgram
{
    /// <summary>The class with the kernels.</summary>
    public const string Kernel = "Kernel";

    private readonly ProgramFacts _facts;
    private readonly InferenceMethods _inference;
    private readonly TrainingMethods? _training;
    private readonly Lazy<AssemblyProgram>? _other;

    /// <summary>A context that is forgotten frees its assemblies, even while they are used.</summary>
    private readonly AssemblyLoadContext? _context;

    /// <summary>A program whose methods are in a module.</summary>
    /// <param name="facts">All else that is known of it.</param>
    /// <param name="code">What holds the code. It is freed with the last reference to the program, if the module can be freed.</param>
    /// <param name="other">Makes the program for the other storage of weights; null if there is none.</param>
    /// <exception cref="BadImageFormatException">The module does not have the methods.</exception>
    public AssemblyProgram(ProgramFacts facts, Module code, Lazy<AssemblyProgram>? other = null)
    {
        (_facts, Module, _other, _context) = (facts, code, other, AssemblyLoadContext.GetLoadContext(code.Assembly));
        _inference = new InferenceMethods(new MethodTable(code, facts.ClassOf(InferenceMethods.Class)));
        _training = facts.Training is null ? null
            : new TrainingMethods(new MethodTable(code, facts.ClassOf(TrainingMethods.Class)));
        Packing = facts.NarrowParameters.Length == 0 ? ParameterPacking.Read(facts.Packing)
            : ParameterPacking.Read(facts.Packing, facts.Weights, facts.NarrowParameters);
        ParametersLength = facts.DerivedStart;
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
