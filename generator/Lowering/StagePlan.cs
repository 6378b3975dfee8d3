using System.Collections.Generic;
using System.Linq;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// Which steps in a row depend on nothing of one another, so that threads that share a sample need not meet between them: the zeros around
/// a tensor and what writes into it, or branches that read the same tensor. A stage has at least one step that threads share; the tensors
/// that it touches are alive throughout.
/// </summary>
/// <param name="Remaining">For each step how many there are from it to the end of its stage, itself included.</param>
internal sealed record StagePlan(EquatableArray<int> Remaining)
{
    /// <summary>Steps of a stage, at most: whoever takes a piece counts through them.</summary>
    private const int MostSteps = 8;

    public bool HasStages => Remaining.Any(count => count > 1);

    /// <summary>The first step of the stage that a step is in.</summary>
    public int FirstOf(int step)
    {
        while (step > 0 && Remaining[step - 1] > 1)
        {
            step--;
        }

        return step;
    }

    /// <summary>The last step of the stage that a step is in.</summary>
    public int LastOf(int step) => step + Remaining[step] - 1;

    /// <summary>One stage of some steps in a row: done a second time, each of them finds what it found the first time.</summary>
    /// <param name="steps">All steps.</param>
    public static StagePlan Repeatable(int steps, int first, int count) =>
        new(Enumerable.Range(0, steps).Select(i => i >= first && i < first + count ? first + count - i : 1).ToEquatableArray());

    /// <summary>From the last step to the first one, so that zeros are written when the tensor is.</summary>
    public static StagePlan Of(IReadOnlyList<Step> steps)
    {
        int[] remaining = new int[steps.Count];
        for (int end = steps.Count; end > 0;)
        {
            Cancellation.Look();
            int first = end - 1;
            while (first > 0 && end - first < MostSteps
                && Enumerable.Range(first, end - first).All(i => AreIndependent(steps[first - 1], steps[i])))
            {
                first--;
            }

            bool isShared = Enumerable.Range(first, end - first).Any(i => steps[i].LeastItems < steps[i].Work.Items);
            for (int i = first; i < end; i++)
            {
                remaining[i] = isShared ? end - i : 1;
            }

            end = first;
        }

        return new StagePlan(EquatableArray.Of(remaining));
    }

    /// <param name="one">The earlier one.</param>
    private static bool AreIndependent(Step one, Step other)
    {
        // What writes within a tensor around which there are zeros already leaves these alone; zeros come behind it where it does not.
        bool isAround = one.Kernel is ClearHaloKernel && other.Kernel is not ClearHaloKernel;
        return !BuffersOf(one).Any(a => BuffersOf(other).Any(b =>
            AreInCommon(a.Buffer, b.Buffer) && (a.Access, b.Access) is not (Access.Read, Access.Read)
            && !(isAround && (a.Access, b.Access) is (Access.Write, Access.Write))));
    }

    private static IEnumerable<BufferArgument> BuffersOf(Step step) => step.Arguments.OfType<BufferArgument>();

    private static bool AreInCommon(TensorBuffer a, TensorBuffer b) =>
        ReferenceEquals(a.Root, b.Root) && a.Start < b.End && b.Start < a.End;
}
