namespace Strata;

/// <summary>Padding that is computed from the input's size, in place of numbers (ONNX's <c>auto_pad</c>).</summary>
public enum AutoPad
{
    /// <summary>The padding's numbers count (0 where there are none).</summary>
    None,

    /// <summary>
    /// No padding: every window lies inside the input. Output extent ⌊(N − F)/S⌋ + 1; what is left at the end is left out on purpose.
    /// </summary>
    Valid,

    /// <summary>
    /// Output extent ⌈N/S⌉. The padding is split evenly; an odd row or column goes to the end, as in Keras and TensorFlow
    /// (ONNX's SAME_UPPER).
    /// </summary>
    Same,

    /// <summary>
    /// F − 1 zeros on each side, so that every window counts that touches the input: the full convolution.
    /// Output extent ⌊(N + F − 2)/S⌋ + 1. Convolutions only.
    /// </summary>
    Full,
}
