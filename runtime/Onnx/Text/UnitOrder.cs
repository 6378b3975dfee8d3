using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>The order in which tensors are written: each chain of layers in one piece.</summary>
internal static class UnitOrder
{
    /// <summary>Inputs and units, each behind what it reads. Inputs stay in their order.</summary>
    /// <param name="makers">The unit of each tensor that a unit of this scope computes.</param>
    /// <param name="inputs">The network's inputs; none for a block.</param>
    /// <param name="outputs">The ends, in their order.</param>
    public static List<LayerTensor> Sort(
        IReadOnlyDictionary<LayerTensor, Unit> makers, IReadOnlyList<InputTensor> inputs, IReadOnlyList<LayerTensor> outputs)
    {
        var order = new List<LayerTensor>();
        var seen = new HashSet<LayerTensor>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(LayerTensor Tensor, int Next)>();

        // What no output needs follows: an attribute may not be lost.
        foreach (LayerTensor end in outputs.Concat(makers.Keys))
        {
            Open(end);
            while (open.TryPop(out (LayerTensor Tensor, int Next) top))
            {
                IReadOnlyList<LayerTensor> reads = makers.TryGetValue(top.Tensor, out Unit? unit) ? unit.Inputs : [];
                if (top.Next < reads.Count)
                {
                    open.Push((top.Tensor, top.Next + 1));
                    Open(reads[top.Next]);
                }
                else if (unit is not null || (top.Tensor is InputTensor && inputs.Count > 0))
                {
                    order.Add(top.Tensor);
                }
            }
        }

        return WithInputs(order, inputs);

        void Open(LayerTensor tensor)
        {
            if (seen.Add(tensor))
            {
                open.Push((tensor, 0));
            }
        }
    }

    /// <summary>The methods of a network take inputs as they are declared. If layers need them in another order, all stand first.</summary>
    private static List<LayerTensor> WithInputs(List<LayerTensor> order, IReadOnlyList<InputTensor> inputs) =>
        order.Take(1).All(first => first is InputTensor) && order.OfType<InputTensor>().SequenceEqual(inputs)
            ? order
            : [.. inputs, .. order.Where(tensor => tensor is not InputTensor)];
}
