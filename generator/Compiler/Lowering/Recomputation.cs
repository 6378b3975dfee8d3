using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Lets backward compute tensors again instead of keeping them from forward (Chen et al. 2016, Training deep nets with sublinear memory
/// cost). The steps of forward are repeated just before the first step of backward that reads the tensor, so all bits are the same. Such a
/// tensor needs memory for a few steps of each pass, but not between the passes.
/// </summary>
/// <param name="forward">The steps of forward.</param>
/// <param name="kept">Tensors that are kept, in addition to those that callers and losses read.</param>
internal sealed class Recomputation(IReadOnlyList<Step> forward, IEnumerable<TensorBuffer> kept)
{
    private readonly HashSet<TensorBuffer> _kept = new(kept, ReferenceComparer<TensorBuffer>.Instance);

    /// <summary>The steps of forward that write into a tensor, in order.</summary>
    private readonly ILookup<TensorBuffer, Step> _writers = forward
        .SelectMany(step => Written(step).Select(buffer => (Buffer: buffer, Step: step)))
        .ToLookup(w => w.Buffer, w => w.Step, ReferenceComparer<TensorBuffer>.Instance);

    /// <summary>The tensors that are computed again, with the buffers that hold them the second time.</summary>
    private readonly Dictionary<TensorBuffer, TensorBuffer> _again = new(ReferenceComparer<TensorBuffer>.Instance);
    private readonly List<Step> _steps = [];

    /// <summary>The steps of backward, including the repeated steps of forward.</summary>
    public IReadOnlyList<Step> InsertInto(IEnumerable<Step> backward)
    {
        foreach (Step step in backward)
        {
            Add(step);
        }

        return _steps;
    }

    /// <summary>
    /// Adds a step. Before it, adds the steps that recompute what it reads, and what these read in turn. The method is not recursive, since
    /// such chains may be long.
    /// </summary>
    private void Add(Step step)
    {
        var open = new Stack<(Step? Step, TensorBuffer? Tensor, bool IsReady)>([(step, null, false)]);
        while (open.Count > 0)
        {
            (Step? next, TensorBuffer? tensor, bool isReady) = open.Pop();
            if (tensor is not null)
            {
                if (!_again.ContainsKey(tensor))
                {
                    _again.Add(tensor, tensor with { });
                    Push(open, _writers[tensor].Select(writer => ((Step?)Repeated(writer), (TensorBuffer?)null, false)));
                }
            }
            else if (isReady)
            {
                _steps.Add(next! with { Operands = next.Operands.Select(Moved).ToEquatableArray() });
            }
            else
            {
                open.Push((next, null, true));
                Push(open, next!.Operands.OfType<BufferOperand>().Select(operand => operand.Buffer.Root).Where(IsRecomputed)
                    .Select(read => ((Step?)null, (TensorBuffer?)read, false)));
            }
        }
    }

    /// <summary>A step of forward once more, with scratch memory of its own.</summary>
    private static Step Repeated(Step step)
    {
        var own = new Dictionary<TensorBuffer, TensorBuffer>(ReferenceComparer<TensorBuffer>.Instance);
        Operand Own(Operand operand)
        {
            if (operand is not BufferOperand { Buffer: { Space: MemorySpace.Scratch } buffer } at)
            {
                return operand;
            }

            if (!own.TryGetValue(buffer.Root, out TensorBuffer scratch))
            {
                own.Add(buffer.Root, scratch = buffer.Root with { });
            }

            return at with { Buffer = buffer.In(scratch) };
        }

        return step with { Comment = step.Comment + "; again", Operands = step.Operands.Select(Own).ToEquatableArray() };
    }

    /// <summary>Pushes items so that the first one is on top.</summary>
    private static void Push<T>(Stack<T> open, IEnumerable<T> items)
    {
        foreach (T item in items.Reverse())
        {
            open.Push(item);
        }
    }

    /// <summary>
    /// Whether a tensor can be computed again: its steps must write nothing else, and everything that they read must be available in
    /// backward.
    /// </summary>
    private bool IsRecomputed(TensorBuffer tensor) =>
        tensor.Space is MemorySpace.Arena or MemorySpace.Sample && !_kept.Contains(tensor) && _writers.Contains(tensor)
        && _writers[tensor]
            .All(step => !step.Combines && !step.Operands.Any(operand => operand is CallerOperand)
                && Written(step).All(written => ReferenceEquals(written, tensor)));

    private Operand Moved(Operand operand) =>
        operand is BufferOperand { Buffer: var buffer } at && _again.TryGetValue(buffer.Root, out TensorBuffer tensor)
        ? at with { Buffer = buffer.In(tensor) } : operand;

    /// <summary>The tensors that a step computes. Scratch memory does not count, since it does not outlive the step.</summary>
    private static IEnumerable<TensorBuffer> Written(Step step) => step.Operands.OfType<BufferOperand>()
        .Where(operand => operand.Access != KernelLanguage.Access.Read && operand.Buffer.Space != MemorySpace.Scratch)
        .Select(operand => operand.Buffer.Root).Distinct(ReferenceComparer<TensorBuffer>.Instance);
}
