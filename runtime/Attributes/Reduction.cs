namespace Strata;

/// <summary>How the losses of a batch become one number (PyTorch's <c>reduction</c>).</summary>
public enum Reduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum. Gradients are then sums as well, so a larger batch makes a larger step.</summary>
    Sum,
}
