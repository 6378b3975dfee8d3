using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;
using ElementType = Strata.Compiler.KernelLanguage.ElementType;

namespace Strata.Compiler.Emission;

/// <summary>
/// The programs of a tier: what <c>Printing</c> writes as a class of C#, as methods that are made at run time. Their code is freed with the
/// last reference to the program.
/// </summary>
/// <remarks>
/// What the runtime calls while denormal numbers are 0 is compiled once: tier-0 code could start the JIT's thread then.
/// </remarks>
internal sealed class EmittedProgram : NetworkProgram
{
    private const MethodImplOptions Once = MethodImplOptions.AggressiveOptimization;

    private readonly TierPrograms _programs;
    private readonly InferenceMethods _inference;
    private readonly TrainingMethods? _training;
    private readonly MethodInfo[] _compiled;
    private readonly Lazy<EmittedProgram>? _other;

    private EmittedProgram(TierPrograms programs, KernelMethods methods, Lazy<EmittedProgram>? other)
    {
        (_programs, _other) = (programs, other);
        Isa = Enum.Parse<Isa>(programs.Tier.Name);
        Packing = PackingOf(programs);
        ModuleBuilder module = AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName("Strata.Emitted"), AssemblyBuilderAccess.RunAndCollect)
            .DefineDynamicModule("Strata.Emitted");
        var type = new MethodClass(module, "Kernel");
        var kernels = new KernelEmitter(type, EmittedTypes.Of(programs.Tier.Bits), methods);
        _inference = new InferenceMethods(new MethodClass(module, "Inference"), kernels, programs);
        _training = programs.Training is { } training
            ? new TrainingMethods(new MethodClass(module, "Training"), kernels, training, programs.Parameters) : null;
        kernels.Complete();
        _compiled =
        [
            .. _inference.Kernels.Select(type.Made),
            .. _inference.Prepare.Concat<Delegate>(_inference.Steps).Select(step => step.Method),
        ];
    }

    /// <summary>Compiles a network for a tier.</summary>
    /// <param name="trains">Whether it can be trained, too; if the graph has losses.</param>
    public static EmittedProgram Create(NetworkGraph graph, Tier tier, bool trains, CancellationToken cancellationToken = default)
    {
        TierPrograms programs = TierPrograms.Lower(graph, tier, cancellationToken, trains: trains);
        return Create(
            programs, KernelMethods.Assign(programs, cancellationToken),
            programs.OtherWeights is { } storage ? new(() => WithWeights(storage)) : null);

        EmittedProgram WithWeights(Graph.WeightStorage storage)
        {
            var other = TierPrograms.Lower(graph, tier, CancellationToken.None, storage);
            return Create(other, KernelMethods.Assign(other, CancellationToken.None));
        }
    }

    /// <summary>Compiles the programs of a tier.</summary>
    /// <param name="other">Makes the program for the other storage of weights; null if there is none.</param>
    public static EmittedProgram Create(TierPrograms programs, KernelMethods methods, Lazy<EmittedProgram>? other = null) =>
        new(programs, methods, other);

    /// <summary>What holds the code.</summary>
    internal Module Module => _inference.Derive.Method.Module;

    public override Isa Isa { get; }

    public override NetworkProgram? With(WeightStorage weights) =>
        _programs.OtherWeights is { } other && RuntimeEnum.Named<WeightStorage>(other) == weights ? _other?.Value : base.With(weights);

    public override int ParametersLength => _programs.Parameters.Length;

    public override int TrainableLength => _programs.Parameters.TrainedLength;

    public override IReadOnlyList<ParameterPacking> Packing { get; }

    public override int SampleArenaLength => _programs.Sample.Memory.Length;

    public override int ScratchLength => _programs.ScratchLength;

    public override int BlockArenaLength => _programs.Block?.Memory.Length ?? 0;

    public override int BlockThreshold => _programs.Block is null ? int.MaxValue : _programs.BlockThreshold;

    public override ReadOnlySpan<int> PreparationItems => _inference.PreparationItems;

    protected override ReadOnlySpan<int> SampleSchedule => _inference.SampleSchedule;

    public override int LeastBatch =>
        Array.Exists(_inference.Batches, batch => batch is not null) ? SamplesTimesPanels.SamplesOf(_programs.Tier) : int.MaxValue;

    public override int ObservationArenaLength => _programs.Observed?.Memory.Length ?? 0;

    public override int TrainingArenaLength => _training?.ArenaLength ?? 0;

    public override int TrainingSampleLength => _training?.SampleLength ?? 0;

    public override int SlotFrontLength => _training?.SlotFrontLength ?? 0;

    public override int SummedParametersLength => _training is null ? 0 : _programs.Parameters.SummedLength;

    public override int SharedLength => _training?.SharedLength ?? 0;

    protected override ReadOnlySpan<int> TrainingSchedule => _training is null ? base.TrainingSchedule : _training.Schedule;

    public override int ForwardSteps => _training?.ForwardSteps ?? base.ForwardSteps;

    public override bool GoesBySample => _training?.GoesBySample ?? false;

    public override ReadOnlySpan<int> GradientSteps => _training is null ? [] : _training.GradientSteps;

    public override ReadOnlySpan<int> LossGradients => _training is null ? [] : _training.LossGradients;

    public override IReadOnlyList<TrainingTensor> TrainingTensors => _training?.Tensors ?? [];

    public override IReadOnlyList<ProfiledStep> ProfiledSteps => _training?.ProfiledSteps ?? [];

    public override IReadOnlyList<DenseGradient> DenseGradients => _training?.DenseGradients ?? [];

    public override bool HasInputGradient => _training?.HasInputGradient ?? false;

    /// <summary>The method that trains, of which there is one only if the program can be trained.</summary>
    private TrainingMethods Training => _training ?? throw new NotSupportedException();

    /// <summary>Compiles the kernels and steps of one sample, without delegates, whose types would outlive the program.</summary>
    internal override void CompileKernels() =>
        Parallel.ForEach(_compiled, method => RuntimeHelpers.PrepareMethod(method.MethodHandle));

    [MethodImpl(Once)]
    public override void Derive(ref float parameters) => _inference.Derive(0, 0, ref parameters);

    [MethodImpl(Once)]
    public override void PrepareInferenceStep(int step, int first, int end, ref float parameters) =>
        _inference.Prepare[step](first, end, ref parameters);

    [MethodImpl(Once)]
    public override void InferSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch)
    {
        if (_inference.SampleSchedule.Length > 0)
        {
            base.InferSample(in input, ref output, in parameters, ref arena, ref scratch);
            return;
        }

        _inference.Steps[0](0, 0, ref Unsafe.AsRef(in input), ref output, ref Unsafe.AsRef(in parameters), ref arena, ref scratch);
    }

    [MethodImpl(Once)]
    public override void InferSampleStep(
        int step, int first, int end, ref readonly float input, ref float output, ref readonly float parameters, ref float arena,
        ref float scratch) => _inference.Steps[step](
        first, end, ref Unsafe.AsRef(in input), ref output, ref Unsafe.AsRef(in parameters), ref arena, ref scratch);

    [MethodImpl(Once)]
    public override bool InferBatchStep(
        int step, int first, int end, int samples, int arenaStride, ref readonly float parameters, ref float arenas)
    {
        if (_inference.Batches[step] is not { } batch)
        {
            return false;
        }

        batch(first, end, samples, arenaStride, ref Unsafe.AsRef(in parameters), ref arenas);
        return true;
    }

    [MethodImpl(Once)]
    public override void InferBlock(
        ref readonly float input, int samples, ref float output, ref readonly float parameters, ref float arena) =>
        _inference.Block!(ref Unsafe.AsRef(in input), samples, ref output, ref Unsafe.AsRef(in parameters), ref arena);

    [MethodImpl(Once)]
    public override void ObserveSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch,
        ref float observations) => _inference.Observe!(
        ref Unsafe.AsRef(in input), ref output, ref Unsafe.AsRef(in parameters), ref arena, ref scratch, ref observations);

    [MethodImpl(Once)]
    public override void TrainStep(
        int index, int first, int end, ref readonly float input, int samples, ref float parameters, ref float arena, ref float slot,
        int slotStride, ref float shared, ref float sample, ref float scratch, ref float inputGradient, in StepContext step) =>
        Training.Steps[index](
            first, end, ref Unsafe.AsRef(in input), samples, ref parameters, ref arena, ref slot, slotStride, ref shared, ref sample,
            ref scratch, ref inputGradient, ref Unsafe.AsRef(in step));

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

    /// <summary>Where the parameters are, by way of the numbers that generated code has.</summary>
    private static IReadOnlyList<ParameterPacking> PackingOf(TierPrograms programs)
    {
        EquatableArray<PackedParameter> parameters = programs.Parameters.Parameters;
        int[] numbers =
        [
            .. parameters.SelectMany(parameter => (IEnumerable<int>)
            [
                parameter.Offset, parameter.Length, parameter.Axes.Count,
                .. parameter.Axes.SelectMany(axis =>
                    (IEnumerable<int>)[axis.Count, .. axis.SelectMany(one => (IEnumerable<int>)[one.Extent, one.Stride])]),
            ]),
        ];
        int[] narrow = [.. Enumerable.Range(0, parameters.Count).Where(i => parameters[i].Element != ElementType.Float)];
        return narrow.Length == 0 ? ParameterPacking.Read(numbers)
            : ParameterPacking.Read(numbers, RuntimeEnum.Named<WeightStorage>(programs.Weights), narrow);
    }
}
