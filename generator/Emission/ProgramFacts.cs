using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;
using ElementType = Strata.Compiler.KernelLanguage.ElementType;

namespace Strata.Compiler.Emission;

/// <summary>
/// What a program tells the runtime besides its methods, as values: lengths, schedules, packing. Saved programs keep it beside their code.
/// </summary>
internal sealed record ProgramFacts
{
    public required Isa Isa { get; init; }

    /// <summary>How the weights of dense layers are stored.</summary>
    public WeightStorage Weights { get; init; }

    /// <summary>The storage of these weights in the other program of the same tier; null if there is none.</summary>
    public WeightStorage? OtherWeights { get; init; }

    /// <summary>Floats of the parameters, and of the values that are derived from them.</summary>
    public required int ParametersLength { get; init; }

    /// <summary>Floats of the parameters.</summary>
    public int DerivedStart
    {
        get
        {
            IEnumerable<ParameterPacking> packing = ParameterPacking.Read(Packing);
            return (int)MemoryPlan.RoundUp(packing.Select(one => one.Offset + one.Length).DefaultIfEmpty().Max());
        }
    }

    public required int TrainableLength { get; init; }

    /// <summary>Where the parameters are, as <see cref="ParameterPacking.Read"/> takes it.</summary>
    public required int[] Packing { get; init; }

    /// <summary>The parameters that are stored as <see cref="Weights"/> says, if these are no floats.</summary>
    public int[] NarrowParameters { get; init; } = [];

    public required int SampleArenaLength { get; init; }

    public int ScratchLength { get; init; }

    public int BlockArenaLength { get; init; }

    public int BlockThreshold { get; init; } = int.MaxValue;

    public int LeastBatch { get; init; } = int.MaxValue;

    public int ObservationArenaLength { get; init; }

    public required int[] PreparationItems { get; init; }

    /// <summary>Five numbers for each step of a sample; empty if the steps are not called one by one.</summary>
    public required int[] SampleSchedule { get; init; }

    /// <summary>The kernels that inference calls, in the order of their first use.</summary>
    public string[] Kernels { get; init; } = [];

    /// <summary>The bytes of IL of all methods.</summary>
    public long CodeLength { get; init; }

    /// <summary>Null if the program cannot be trained.</summary>
    public TrainingFacts? Training { get; init; }

    /// <summary>The name of one of the classes with the program's methods. Programs of the same assembly have others.</summary>
    public string ClassOf(string methods) => $"{Isa}.{Weights}.{methods}";

    /// <summary>The facts of a program, without those that are known when its methods have been written.</summary>
    public static ProgramFacts Of(TierPrograms programs)
    {
        Program sample = programs.Sample;
        EquatableArray<PackedParameter> parameters = programs.Parameters.Parameters;
        return new ProgramFacts
        {
            Isa = Enum.Parse<Isa>(programs.Tier.Name),
            Weights = RuntimeEnum.Named<WeightStorage>(programs.Weights),
            OtherWeights = programs.OtherWeights is { } other ? RuntimeEnum.Named<WeightStorage>(other) : null,
            ParametersLength = programs.Parameters.Length,
            TrainableLength = programs.Parameters.TrainedLength,
            Packing = [.. parameters.SelectMany(NumbersOf)],
            NarrowParameters = [.. Enumerable.Range(0, parameters.Count).Where(i => parameters[i].Element != ElementType.Float)],
            SampleArenaLength = sample.Memory.Length,
            ScratchLength = programs.ScratchLength,
            BlockArenaLength = programs.Block?.Memory.Length ?? 0,
            BlockThreshold = programs.Block is null ? int.MaxValue : programs.BlockThreshold,
            LeastBatch = sample.Steps.Any(step => step.OfSamples is not null)
                ? SamplesTimesPanels.SamplesOf(programs.Tier) : int.MaxValue,
            ObservationArenaLength = programs.Observed?.Memory.Length ?? 0,
            PreparationItems = [.. programs.Prepare.Select(step => ScheduledStep.WithItems(step).Items)],
            SampleSchedule = sample.IsInSteps ? [.. sample.Schedule.SelectMany(step => step.InferenceNumbers)] : [],
        };
    }

    /// <summary>Where a parameter is, in the numbers that generated code has.</summary>
    private static IEnumerable<int> NumbersOf(PackedParameter parameter) =>
    [
        parameter.Offset, parameter.Length, parameter.Axes.Count,
        .. parameter.Axes.SelectMany(axis =>
            (IEnumerable<int>)[axis.Count, .. axis.SelectMany(one => (IEnumerable<int>)[one.Extent, one.Stride])]),
    ];
}
