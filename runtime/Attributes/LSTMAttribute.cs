using System;

namespace Strata;

/// <summary>
/// A long short-term memory along a sequence (Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000): PyTorch's
/// <c>nn.LSTM</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×L → hidden×L, the state behind each of L steps; 2·hidden×L with <see cref="Bidirectional"/>, where the states of the way back
/// come last. The state before the first step is 0.
/// </para>
/// <para>
/// Formula: i, f, o = σ(W·x + b + U·y₋₁ + b′), g = tanh(…); c = f·c₋₁ + i·g; y = o·tanh(c).
/// The parameters have PyTorch's keys, with 4·hidden rows: <c>weight_ih_l0</c> (W), <c>weight_hh_l0</c> (U), <c>bias_ih_l0</c> (b),
/// <c>bias_hh_l0</c> (b′); <c>l1</c> and so on for further layers, and <c>_reverse</c> for the way back.
/// </para>
/// <para>
/// PyTorch's module takes L×C. <c>[Transpose(2, 1)]</c> makes C×L of it. <c>[Slice(-1, Axis = Axes.Width)]</c> is the last state.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LSTMAttribute : LayerAttribute
{
    /// <summary>A state of some features.</summary>
    /// <param name="hidden">The features of the state, at least 1.</param>
    public LSTMAttribute(int hidden) => Hidden = hidden;

    /// <summary>The features of the state.</summary>
    public int Hidden { get; }

    /// <summary>The number of layers, from 1 to 100; 1 by default. Each reads the states of the one before.</summary>
    public int Layers { get; set; } = 1;

    /// <summary>Whether the sequence is also read from its end; false by default.</summary>
    public bool Bidirectional { get; set; }

    /// <summary>Whether biases are added; true by default.</summary>
    public bool Bias { get; set; } = true;
}
