using System.Collections.Generic;

namespace Strata.Generator.Lowering;

/// <summary>
/// A step as the runtime calls it, and how threads may share it. Usually it is one step of the program. In training, steps in a row that
/// no thread shares are one step for the runtime. The runtime's <c>StepInfo</c> has the same numbers under the same names.
/// </summary>
/// <param name="TakesItems">Whether a call is told which items to do. Otherwise it does everything.</param>
internal sealed record ScheduledStep(IReadOnlyList<Step> Steps, bool TakesItems)
{
    /// <summary>Its items.</summary>
    public int Items => TakesItems && Steps[0].Work.HasRange ? Steps[0].Work.Items : 1;

    /// <summary>The fewest items that are worth starting a thread for.</summary>
    public int LeastItems { get; init; } = TakesItems ? Steps[0].LeastItems : 1;

    /// <summary>Number of neighbouring items that share a preparation.</summary>
    public int Run => Steps[0].Work.Run;

    /// <summary>Steps from this one to the end of its stage, itself included.</summary>
    public int StageSteps { get; init; } = 1;

    /// <summary>
    /// How many of its items all samples of a batch do before the next ones; 0 if each sample should go on to its next step.
    /// </summary>
    public int BatchItems { get; init; }

    /// <summary>Whether it is done for each sample of a block.</summary>
    public bool IsOfSample => Steps[0].IsOfSample;

    /// <summary>Whether it is done once for the whole batch, after all blocks have ended the steps before it.</summary>
    public bool Combines => Steps[0].Combines;

    /// <summary>A step that a caller does by its items.</summary>
    public static ScheduledStep Of(Step step) => new([step], TakesItems: true);
}
