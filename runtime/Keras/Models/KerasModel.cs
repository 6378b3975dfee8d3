using System.Collections.Generic;

namespace Strata.Weights;

/// <summary>What a Keras file holds.</summary>
/// <param name="Layers">The layers that have weights.</param>
/// <param name="IsOrdered">
/// Whether the layers are in the model's order. Otherwise those of one class are in its order, and the classes in the alphabet's. Both
/// hold within a scope (<see cref="KerasLayer.Scope"/>).
/// </param>
/// <param name="Config">The model's configuration; null if the file has none.</param>
internal sealed record KerasModel(IReadOnlyList<KerasLayer> Layers, bool IsOrdered, ConfigLayer? Config);
