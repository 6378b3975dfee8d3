using System.Collections.Generic;

namespace Strata.Compiler.Lowering;

/// <summary>
/// A step as the runtime calls it, and how threads may share it. Usually it is one step of the program. In training, several steps in a row
/// that no thread shares are one step for the runtime. The runtime's <c>StepInfo</c> has the same numbers under the same names.
/// </summary>
/// <param name="TakesItems">Whether a call is given the range of items to do. Otherwise it does all of them.</param>
internal sealed record ScheduledStep(IReadOnlyList<Step> Steps, bool TakesItems)
{
    /// <summary>How many items it has.</summary>
    public int Items => TakesItems && Steps[0].Work.HasRange ? Steps[0].Work.Items : 1;

    /// <summary>The fewest items for which starting a thread pays.</summary>
    public int LeastItems { get; init; } = TakesItems ? Steps[0].LeastItems : 1;

    /// <summary>How many neighbouring items share a preparation.</summary>
    public int Run => Steps[0].Work.Run;

    /// <summary>How many steps there are from this one to the end of its stage, including itself.</summary>
    public int StageSteps { get; init; } = 1;

    /// <summary>
    /// How many of its items are done for all samples of a batch before the next items; 0 if each sample should continue with its next
    /// step.
    /// </summary>
    public int BatchItems { get; init; }

    /// <summary>Whether it is done for each sample of a block.</summary>
    public bool IsOfSample => Steps[0].IsOfSample;

    /// <summary>Whether it is done once for the whole batch, after all blocks have done the steps before it.</summary>
    public bool Combines => Steps[0].Combines;

    /// <summary>
    /// What an inference program tells the runtime of it: its items; the fewest for which a thread pays; neighbours that share a
    /// preparation; steps to the end of its stage; items that all samples do before the next ones.
    /// </summary>
    public int[] InferenceNumbers => [Items, LeastItems, Run, StageSteps, BatchItems];

    /// <summary>
    /// What a training program tells of it: its items; the fewest for which a thread pays; 0 if it is done for a block, 1 for each sample,
    /// 2 for the batch.
    /// </summary>
    public int[] TrainingNumbers => [Items, LeastItems, Combines ? 2 : IsOfSample ? 1 : 0];

    /// <summary>A step whose calls are given a range of items.</summary>
    public static ScheduledStep WithItems(Step step) => new([step], TakesItems: true);
}
