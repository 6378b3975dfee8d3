using System.ComponentModel;

namespace Strata.CompilerServices;

/// <summary>
/// A dense layer's weight gradient over a batch, dW[i, o] = Σ X[i, n] · dY[n, o], whose factors the blocks leave in their
/// slots. The weights are packed in panels of outputs, one behind the other, each with a row for every input.
/// </summary>
/// <param name="Input">Where X is in a slot: for each input a float for each lane; negative in front of it.</param>
/// <param name="Gradient">Where dY is in a slot: for each lane a row of all panels' outputs.</param>
/// <param name="Weight">The first of the weights among the packed parameters.</param>
/// <param name="Inputs">Inputs of the layer, and rows of a panel.</param>
/// <param name="Panels">Number of panels.</param>
/// <param name="PanelWidth">Floats of a row of a panel, a whole number of vectors.</param>
/// <param name="RowsPerPart">
/// Rows of a panel that are one piece of work. What is left of them is enough for a piece, too.
/// </param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record DenseGradient(int Input, int Gradient, int Weight, int Inputs, int Panels, int PanelWidth, int RowsPerPart)
{
    /// <summary>Floats of a row of dY.</summary>
    internal int Width => Panels * PanelWidth;

    /// <summary>Floats of the packed weights.</summary>
    internal int Length => Inputs * Width;
}
