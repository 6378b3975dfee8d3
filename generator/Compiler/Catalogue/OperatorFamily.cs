namespace Strata.Compiler.Catalogue;

/// <summary>
/// What kind of operator it is. A family is named as its folder in <c>Operators</c> and as its section on the page of operators, which has
/// the families in this order. A new family is a folder and a member here; nothing else lists them.
/// </summary>
internal enum OperatorFamily
{
    Convolution,
    Pooling,

    /// <summary>Tokens that look at one another.</summary>
    Attention,

    /// <summary>They go along a sequence with a state.</summary>
    Recurrent,
    Activations,
    Normalization,
    Regularization,

    /// <summary>Numbers that integers of few bits can stand for.</summary>
    Quantization,
    Joins,

    /// <summary>They move elements, or change the shape.</summary>
    Shapes,

    /// <summary>They take elements from places that are computed.</summary>
    Sampling,

    /// <summary>Tensors of the network's own, which depend on no input.</summary>
    Sources,

    Losses,

    /// <summary>Inputs, outputs, names and branches: what computes nothing.</summary>
    Structure,
}
