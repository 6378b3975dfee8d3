namespace Strata.Compiler.Catalogue;

/// <summary>What kind of operator it is. Each family has a folder of operators, and a table on their page.</summary>
internal enum OperatorFamily
{
    Convolution,
    Pooling,
    Activation,
    Normalization,
    Regularization,
    Join,

    /// <summary>Moves elements, or changes the shape.</summary>
    Shape,

    Loss,

    /// <summary>Inputs, outputs, names and branches: what computes nothing.</summary>
    Structure,
}
