namespace Strata.CompilerServices;

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
    public required int DerivedStart { get; init; }

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
}
