using System.Linq;

namespace Strata.CompilerServices;

/// <summary>Some items of a step for one sample.</summary>
internal delegate void SampleStep(
    int first, int end, ref float input, ref float output, ref float parameters, ref float derived, ref float arena,
    ref float scratch);

/// <summary>Some items of a step for several samples.</summary>
internal delegate void BatchStep(
    int first, int end, int samples, int arenaStride, ref float parameters, ref float derived, ref float arena);

/// <summary>A block of samples.</summary>
internal delegate void BlockPass(
    ref float input, int samples, ref float output, ref float parameters, ref float derived, ref float arena);

/// <summary>Some items of a step that computes something from the parameters, or all of them.</summary>
internal delegate void ParameterStep(int first, int end, ref float parameters, ref float derived);

/// <summary>One sample, with the outputs of all layers.</summary>
internal delegate void ObservedPass(
    ref float input, ref float output, ref float parameters, ref float derived, ref float arena, ref float scratch,
    ref float observations);

/// <summary>The methods of a program for inference.</summary>
internal sealed class InferenceMethods
{
    /// <summary>The class that has them.</summary>
    public const string Class = "Inference";

    /// <param name="methods">A class that was written.</param>
    public InferenceMethods(MethodTable methods)
    {
        (Prepare, Steps) = (methods.All<ParameterStep>(nameof(Prepare)), methods.All<SampleStep>(StepStem));
        Batches = [.. MethodTable.Numbered(BatchStem).Take(Steps.Length).Select(methods.Find<BatchStep>)];
        Derive = methods.Delegate<ParameterStep>(nameof(Derive));
        Block = methods.Find<BlockPass>(nameof(Block));
        Observe = methods.Find<ObservedPass>(nameof(Observe));
    }

    public const string StepStem = "Step", BatchStem = "Batch";

    /// <summary>What is computed from the parameters, after they have changed.</summary>
    public ParameterStep Derive { get; }

    /// <summary>What only inference computes from the parameters.</summary>
    public ParameterStep[] Prepare { get; }

    /// <summary>The steps of a sample; all of them as one if they are not called one by one.</summary>
    public SampleStep[] Steps { get; }

    /// <summary>For each step the one for several samples, if there is one.</summary>
    public BatchStep?[] Batches { get; }

    public BlockPass? Block { get; }

    public ObservedPass? Observe { get; }
}
