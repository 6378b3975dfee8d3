namespace Strata.CompilerServices;

/// <summary>What a program's training tells the runtime besides its methods.</summary>
internal sealed record TrainingFacts
{
    public required int ArenaLength { get; init; }

    public int SampleLength { get; init; }

    public int SlotFrontLength { get; init; }

    public required int SummedParametersLength { get; init; }

    public int SharedLength { get; init; }

    /// <summary>Three numbers for each step.</summary>
    public required int[] Schedule { get; init; }

    public required int ForwardSteps { get; init; }

    public bool GoesBySample { get; init; }

    public bool HasInputGradient { get; init; }

    public required int[] GradientSteps { get; init; }

    public required int[] LossGradients { get; init; }

    public required DenseGradient[] DenseGradients { get; init; }

    public required TrainingTensor[] Tensors { get; init; }

    public required ProfiledStep[] ProfiledSteps { get; init; }
}
