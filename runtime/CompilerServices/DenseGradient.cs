using System.ComponentModel;

namespace Strata.CompilerServices;

/// <summary>
/// A dense layer's weight gradient over a batch, dW[i, o] = Σ X[i, n] · dY[n, o]. Blocks leave the factors X and dY in their slots. The
/// weights are packed in panels of outputs, one after the other. A panel has a row for each input.
/// </summary>
/// <param name="Input">Where X is in a slot: a vector (one float per lane) for each input. Negative if it is in front of the slot.</param>
/// <param name="Gradient">Where dY is in a slot: a row of all panels' outputs for each lane.</param>
/// <param name="Weight">Where the weights begin in the packed parameters.</param>
/// <param name="Inputs">Inputs of the layer, and rows of a panel.</param>
/// <param name="Panels">Number of panels.</param>
/// <param name="PanelWidth">Floats of a row of a panel, a whole number of vectors.</param>
/// <param name="RowsPerSlice">
/// Rows of a panel per piece of work. The remainder is large enough for a piece, too.
/// </param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record DenseGradient(int Input, int Gradient, int Weight, int Inputs, int Panels, int PanelWidth, int RowsPerSlice)
{
    /// <summary>Floats of a row of dY.</summary>
    internal int Width => Panels * PanelWidth;

    /// <summary>Floats of the packed weights.</summary>
    internal int Length => Inputs * Width;
}
