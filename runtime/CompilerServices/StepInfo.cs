using System;

namespace Strata.CompilerServices;

/// <summary>
/// How threads may share a step of a program. The generator writes the steps of a program as plain numbers, which are data of the assembly;
/// they are decoded once for each program.
/// </summary>
/// <param name="Items">
/// The step's items. An item is one iteration of the kernel's loop; any thread may do it. A step that cannot be divided has 1.
/// </param>
/// <param name="LeastItems">The fewest items that are worth starting a thread for.</param>
internal readonly record struct StepInfo(int Items, int LeastItems)
{
    private const int SampleNumbers = 5, TrainingNumbers = 3;

    /// <summary>
    /// Items in a row for which a call first prepares something, such as a copy of pixels. If a run is divided among calls, each of them
    /// prepares it again. 1 if nothing is prepared.
    /// </summary>
    public int Run { get; init; } = 1;

    /// <summary>Steps from this one to the end of its stage, itself included. They do not depend on each other.</summary>
    public int StageSteps { get; init; } = 1;

    /// <summary>
    /// How many items to do for all samples of a batch before the next items, so that their weights stay in a core's cache. It is 0 if a
    /// sample's tensors are larger than the step's weights; each sample should then go on to its next step. If threads do not share steps,
    /// each thread has a group of samples of its own, and does these items for its whole group.
    /// </summary>
    public int BatchItems { get; init; }

    /// <summary>
    /// Whether the step is done for each sample of a block, in the sample's own memory. Its items are those of one sample.
    /// </summary>
    public bool IsOfSample { get; init; }

    /// <summary>
    /// Whether the step is done once for the whole batch, such as batch norm's mean and variance. It combines what the blocks have left in
    /// their slots, after all blocks have ended the steps before it.
    /// </summary>
    public bool Combines { get; init; }

    /// <summary>Decodes <see cref="NetworkProgram.SampleSchedule"/>.</summary>
    public static StepInfo[] OfSample(ReadOnlySpan<int> schedule)
    {
        var steps = new StepInfo[schedule.Length / SampleNumbers];
        for (int i = 0; i < steps.Length; i++)
        {
            ReadOnlySpan<int> step = schedule.Slice(i * SampleNumbers, SampleNumbers);
            steps[i] = new StepInfo(step[0], step[1]) { Run = step[2], StageSteps = step[3], BatchItems = step[4] };
        }

        return steps;
    }

    /// <summary>Decodes <see cref="NetworkProgram.TrainingSchedule"/>.</summary>
    public static StepInfo[] OfTraining(ReadOnlySpan<int> schedule)
    {
        var steps = new StepInfo[schedule.Length / TrainingNumbers];
        for (int i = 0; i < steps.Length; i++)
        {
            ReadOnlySpan<int> step = schedule.Slice(i * TrainingNumbers, TrainingNumbers);
            steps[i] = new StepInfo(step[0], step[1]) { IsOfSample = step[2] == 1, Combines = step[2] == 2 };
        }

        return steps;
    }
}
