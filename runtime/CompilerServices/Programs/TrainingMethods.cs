namespace Strata.CompilerServices;

/// <summary>Some items of a step of a block's training pass.</summary>
internal delegate void TrainingStep(
    int first, int end, ref float input, int samples, ref float parameters, ref float derived, ref float arena, ref float slot,
    int slotStride, ref float shared, ref float sample, ref float scratch, ref float inputGradient, ref StepContext step);

/// <summary>Reads the outputs of a forward pass.</summary>
internal delegate void OutputPass(ref float arena, int samples, ref float output);

/// <summary>Takes a gradient of the outputs.</summary>
internal delegate void OutputGradientPass(ref float gradient, int samples, ref float arena);

/// <summary>The loss after a forward pass.</summary>
internal delegate double LossPass(ref int classes, ref float values, int samples, ref float arena, ref StepContext step);

/// <summary>The loss of outputs of inference.</summary>
internal delegate double OutputLossPass(
    ref float input, ref int classes, ref float values, int samples, ref float arena, ref StepContext step);

/// <summary>The gradient of some rows of a dense layer's weights. The parameters are in the order of the kernel's.</summary>
internal delegate void WeightGradientPass(
    ref float input, ref float gradient, int slotStride, int samples, ref float weightGradient, int rows, int panelWidth, int width);

/// <summary>The methods of a program for training.</summary>
internal sealed class TrainingMethods
{
    /// <summary>The class that has them.</summary>
    public const string Class = "Training";

    public const string StepStem = "Train", WeightGradientStem = "WeightGradient";

    /// <param name="methods">A class that was written.</param>
    public TrainingMethods(MethodTable methods)
    {
        Steps = methods.All<TrainingStep>(StepStem);
        Output = methods.Delegate<OutputPass>(nameof(Output));
        OutputGradient = methods.Delegate<OutputGradientPass>(nameof(OutputGradient));
        Loss = methods.Find<LossPass>(nameof(Loss));
        LossOfOutputs = methods.Find<OutputLossPass>(nameof(LossOfOutputs));
        WeightGradients = methods.All<WeightGradientPass>(WeightGradientStem);
    }

    /// <summary>The steps of a block's pass: those of forward, then those of backward.</summary>
    public TrainingStep[] Steps { get; }

    public OutputPass Output { get; }

    public OutputGradientPass OutputGradient { get; }

    /// <summary>Null if the network has no loss of its own.</summary>
    public LossPass? Loss { get; }

    /// <inheritdoc cref="Loss"/>
    public OutputLossPass? LossOfOutputs { get; }

    /// <summary>A method for each of <see cref="TrainingFacts.DenseGradients"/>.</summary>
    public WeightGradientPass[] WeightGradients { get; }
}
