using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Layers;

/// <summary>The shapes of a file's inputs when the network has another size.</summary>
internal static class InputShapes
{
    /// <param name="inputs">The network's inputs, in its order.</param>
    /// <param name="extents">The extents of all inputs without channels.</param>
    /// <param name="given">Shapes by names; those of inputs that the network does not have stay.</param>
    /// <returns>The shapes without the batch, in the file's order of axes, by the names of the inputs.</returns>
    public static Dictionary<string, IReadOnlyList<int>> At(
        IEnumerable<InputTensor> inputs, IEnumerable<int> extents, IReadOnlyDictionary<string, IReadOnlyList<int>> given)
    {
        var shapes = new Dictionary<string, IReadOnlyList<int>>(given.Where(pair => pair.Key.Length > 0));
        var left = new Queue<int>(extents);
        foreach (InputTensor input in inputs)
        {
            int[] shape = new int[input.Shape.Count];
            for (int axis = 0; axis < shape.Length; axis++)
            {
                shape[input.FileAxes[axis]] = axis == 0 ? input.Shape[0] : left.Dequeue();
            }

            shapes[input.Name] = shape;
        }

        return shapes;
    }
}
