namespace Strata;

/// <summary>How the losses of a batch become one number (PyTorch's <c>reduction</c>).</summary>
public enum Reduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum. The gradients are sums as well, so that larger batches take larger steps.</summary>
    Sum,
}
