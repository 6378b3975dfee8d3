using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>The connections of units.</summary>
internal sealed class UnitGraph
{
    private readonly Dictionary<LayerTensor, Unit> _last = new(ReferenceEqualityComparer.Instance);

    /// <param name="units">The units of one scope.</param>
    /// <param name="inputs">The network's inputs; none for a block.</param>
    /// <param name="outputs">What is read outside.</param>
    public UnitGraph(IEnumerable<Unit> units, IReadOnlyList<InputTensor> inputs, IReadOnlyList<LayerTensor> outputs)
    {
        foreach (Unit unit in units)
        {
            Makers.Add(unit.Output, unit);
            foreach (LayerTensor input in unit.Inputs)
            {
                Readers[input] = Readers.GetValueOrDefault(input) + 1;
                _last[input] = unit;
            }
        }

        foreach (LayerTensor output in outputs)
        {
            Readers[output] = Readers.GetValueOrDefault(output) + 1;
            _last.Remove(output);
        }

        Order = UnitOrder.Sort(Makers, inputs, outputs);
        Groups = BranchGroup.Find(Order, Makers, Readers);
    }

    /// <summary>The unit of each tensor that a unit computes.</summary>
    public Dictionary<LayerTensor, Unit> Makers { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many units read a tensor, and how many outputs it is.</summary>
    public Dictionary<LayerTensor, int> Readers { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The tensors in the order of the text.</summary>
    public IReadOnlyList<LayerTensor> Order { get; }

    /// <summary>The groups of branches, by the outputs of their joins.</summary>
    public IReadOnlyDictionary<LayerTensor, BranchGroup> Groups { get; }

    /// <summary>The units in order.</summary>
    public IEnumerable<Unit> Units => Order.Where(Makers.ContainsKey).Select(tensor => Makers[tensor]);

    /// <summary>The only unit that reads a tensor; null if there are several, or none.</summary>
    public Unit? ReaderOf(LayerTensor tensor) => Readers.GetValueOrDefault(tensor) == 1 ? _last.GetValueOrDefault(tensor) : null;
}
