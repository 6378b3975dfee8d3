namespace Strata.Onnx.Model;

/// <summary>What a tensor consists of, as far as reading needs it.</summary>
internal enum ElementType
{
    /// <summary>Floating-point numbers of any width.</summary>
    Float,

    /// <summary>Integers of any width.</summary>
    Integer,

    /// <summary>Truth values.</summary>
    Boolean,
}
