using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Layers;

/// <summary>
/// A tensor of ONNX, as a tensor of layers whose axes may stand in another order. So an axis of the batch, axes of extent 1 that come and
/// go, and most transpositions cost nothing.
/// </summary>
/// <param name="Tensor">The tensor of layers.</param>
/// <param name="Axes">
/// For each axis of ONNX, the tensor's axis; −1 for an axis of extent 1 that the tensor does not have. Every axis of the tensor with an
/// extent other than 1 stands here once.
/// </param>
internal sealed record View(LayerTensor Tensor, IReadOnlyList<int> Axes)
{
    /// <summary>The batch, and then the tensor's axes in order.</summary>
    public static View Standard(LayerTensor tensor) => new(tensor, [-1, .. Enumerable.Range(0, tensor.Shape.Count)]);

    public bool IsStandard => Axes.Count == Tensor.Shape.Count + 1 && Axes[0] == -1
        && Axes.Skip(1).Select((axis, i) => axis == i).All(isSame => isSame);

    /// <summary>The extents that ONNX sees.</summary>
    public IReadOnlyList<int> Shape => [.. Axes.Select(axis => axis < 0 ? 1 : Tensor.Shape[axis])];

    public View Transposed(IReadOnlyList<int> permutation) => this with { Axes = [.. permutation.Select(axis => Axes[axis])] };

    /// <summary>The same view of another tensor with as many axes, such as the result of an activation.</summary>
    public View Of(LayerTensor tensor) => this with { Tensor = tensor };

    /// <summary>The view in another shape, if that only adds and removes axes of extent 1; otherwise null.</summary>
    public View? Reshaped(IReadOnlyList<int> shape)
    {
        IReadOnlyList<int> own = Shape;
        if (!own.Where(extent => extent != 1).SequenceEqual(shape.Where(extent => extent != 1)))
        {
            return null;
        }

        // Axes of extent 1 that the tensor has stay where they can: a later layer may want them.
        var ones = new Queue<int>(Enumerable.Range(0, Tensor.Shape.Count).Where(axis => Tensor.Shape[axis] == 1));
        var others = new Queue<int>(Axes.Where((_, i) => own[i] != 1));
        var axes = new List<int>();
        for (int i = 0; i < shape.Count; i++)
        {
            if (shape[i] != 1)
            {
                axes.Add(others.Dequeue());
            }
            else
            {
                axes.Add(i > 0 && ones.Count > 0 ? ones.Dequeue() : -1);
            }
        }

        return this with { Axes = axes };
    }

    /// <summary>The tensor's axes for axes of ONNX; those of extent 1 that it does not have are left out.</summary>
    public int[] AxesOf(IEnumerable<int> axes) => [.. axes.Select(axis => Axes[axis]).Where(axis => axis >= 0).Order()];
}
