namespace Strata;

/// <summary>Padding that is computed from the sizes of input and window, instead of numbers (ONNX's <c>auto_pad</c>).</summary>
public enum AutoPad
{
    /// <summary>The padding arguments apply; without them there is no padding.</summary>
    None,

    /// <summary>
    /// No padding: every window lies inside the input. The output extent is ⌊(N − F)/S⌋ + 1. Elements at the end that fill no window are
    /// ignored, without warning STRATA035.
    /// </summary>
    Valid,

    /// <summary>
    /// The output extent is ⌈N/S⌉. Padding is split evenly between both sides; if it is odd, the end gets the extra row or
    /// column, as in Keras and TensorFlow (ONNX's SAME_UPPER).
    /// </summary>
    Same,

    /// <summary>
    /// The full convolution: F − 1 zeros on each side, so that every window that touches the input gives an output. The output
    /// extent is ⌊(N + F − 2)/S⌋ + 1. For convolutions only.
    /// </summary>
    Full,
}
