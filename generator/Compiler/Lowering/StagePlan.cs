using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Finds steps in a row that do not depend on each other. Threads that share a sample need not wait for each other between these steps.
/// Examples are the zeros around a tensor and the step that writes the tensor, or branches that read the same tensor. In each stage,
/// threads share at least one step. The tensors that a stage uses are alive during all of it.
/// </summary>
/// <param name="Remaining">For each step, how many steps there are to the end of its stage, including itself.</param>
internal sealed record StagePlan(EquatableArray<int> Remaining)
{
    /// <summary>The most steps of a stage. A thread that takes a piece of work counts through them.</summary>
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

    /// <summary>One stage of some steps in a row. If they are repeated, each step finds the same data as the first time.</summary>
    /// <param name="steps">The number of all steps.</param>
    public static StagePlan Repeatable(int steps, int first, int count) =>
        new(Enumerable.Range(0, steps).Select(i => i >= first && i < first + count ? first + count - i : 1).ToEquatableArray());

    /// <summary>
    /// Makes stages from the last step to the first, so that the step that clears a halo is in the stage that writes the tensor.
    /// </summary>
    public static StagePlan Create(IReadOnlyList<Step> steps)
    {
        int[] remaining = new int[steps.Count];
        for (int end = steps.Count; end > 0;)
        {
            Cancellation.ThrowIfRequested();
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

    /// <param name="one">The step that comes first.</param>
    private static bool AreIndependent(Step one, Step other)
    {
        // A step that writes a tensor inside of its halo leaves the zeros alone. If it does not, the step that clears the halo comes after
        // it.
        bool isAround = one.Kernel is ClearHaloKernel && other.Kernel is not ClearHaloKernel;
        bool areRegions = one.WritesRegion && other.WritesRegion && one.Name == other.Name;
        bool addToOneSum = GradientsOf(one).Any(a => GradientsOf(other).Any(b => AreInCommon(a, b)));
        return !addToOneSum && !BuffersOf(one).Any(a => BuffersOf(other).Any(b =>
            AreInCommon(a.Buffer, b.Buffer) && (a.Access, b.Access) is not (Access.Read, Access.Read)
            && !((isAround || areRegions) && (a.Access, b.Access) is (Access.Write, Access.Write))));
    }

    private static IEnumerable<PartialGradientOperand> GradientsOf(Step step) => step.Operands.OfType<PartialGradientOperand>();

    private static IEnumerable<BufferOperand> BuffersOf(Step step) => step.Operands.OfType<BufferOperand>();

    private static bool AreInCommon(PartialGradientOperand a, PartialGradientOperand b) =>
        a.Offset < b.Offset + b.Length && b.Offset < a.Offset + a.Length;

    private static bool AreInCommon(TensorBuffer a, TensorBuffer b) =>
        ReferenceEquals(a.Root, b.Root) && a.Start < b.End && b.Start < a.End;
}
